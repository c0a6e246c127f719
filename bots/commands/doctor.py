"""`tocsin doctor`: what would fail on the day, said while there is time to mend it."""

import asyncio
import time
from json import dumps
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bots import door
from engine.i18n import Words, calendar_day, clock_time, duration

if TYPE_CHECKING:
    from engine.home.symptom import Symptom

__all__ = ["command"]

_SIGNS = {"ok": "✓", "warn": "⚠", "bad": "✗"}


@door.command("doctor")
@door.option("--offline", is_flag=True)
@door.option("--json", is_flag=True, help="shared")
def command(session: door.Session, offline: bool, json: bool) -> int:
    """Print what was looked at; 0 when there is nothing to mend, 1 when there is."""
    from bots.serving.examining import examine_bots
    from bots.serving.settings import secrets_file
    from engine.home.examine import examine

    words = session.words
    now = time.time_ns() // 1_000_000
    found = [
        *examine(session.home, now, secrets_file(session.home, session.environment)),
        *asyncio.run(examine_bots(session.home, session.environment, now, offline=offline)),
    ]
    zone = _zone(session)
    lines = [(one, _say(one, zone, words)) for one in found]
    if json:
        told = [{"gravity": one.gravity, "code": one.code, "text": text} for one, text in lines]
        click.echo(dumps(told, ensure_ascii=False, indent=2))
    else:
        for one, text in lines:
            click.echo(f"{_SIGNS[one.gravity]} {words.say(f'doctor.gravity.{one.gravity}'):<18} {text}")
    bad = sum(one.gravity != "ok" for one in found)
    click.echo(words.say("doctor.summary", count=bad) if bad else words.say("doctor.ready"), err=True)
    return 1 if bad else 0


def _zone(session: door.Session) -> ZoneInfo:
    """The town's hour, or Paris's while its configuration can't be read: that is a symptom of its own."""
    from engine.config import load_config

    try:
        config = load_config(session.home)
    except (ValueError, OSError):
        config = None
    return ZoneInfo(config.organisation.timezone if config else "Europe/Paris")


def _say(symptom: "Symptom", zone: ZoneInfo, words: Words) -> str:
    """The sentence of a symptom, its instants and delays in words."""
    facts = dict(symptom.facts)
    for name in ("now", "latest"):
        if name in facts:
            facts[name] = (
                f"{calendar_day(facts[name], zone, words.lang)} {clock_time(facts[name], zone, words.lang)}"
            )
    if "age" in facts:
        facts["age"] = duration(max(facts["age"], 0), words.lang)
    if "purpose" in facts:
        facts["purpose"] = words.say(f"doctor.purpose.{facts['purpose']}")
    if "error" in facts:
        facts["detail"] = facts.pop("error").tell(words)
    return words.say(f"doctor.says.{symptom.code}", **facts)
