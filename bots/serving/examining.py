"""What `tocsin doctor` sees of the bots: each platform's answers, and who of the cell a bot can't reach."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from bots.serving.settings import Bots, SecretsUnreadable, secrets_of
from bots.slack import checkup as slack
from bots.telegram import checkup as telegram
from engine.core.house import House
from engine.core.quantities import Instant
from engine.home import Home, HomeUnusable
from engine.home.symptom import Symptom
from engine.journal.errors import JournalUnavailable

__all__ = ["examine_bots"]


async def examine_bots(
    path: Path, environment: Mapping[str, str], now: Instant, *, offline: bool
) -> list[Symptom]:
    """Look at both platforms side by side. `offline`: only what this machine knows."""
    try:
        secrets = secrets_of(path, environment)
    except SecretsUnreadable as error:
        return [Symptom("bad", "secrets_unreadable", {"error": error})]
    bots = Bots.of(secrets)
    half = [Symptom("bad", "half_slack", {"missing": bots.lacks})] if bots.lacks else []
    if not (half or bots.slack or bots.telegram):
        return [Symptom("ok", "no_bot")]
    try:
        with Home(path, reading=True) as home:
            house, people = home.house, list(_people(home, now))
    except (HomeUnusable, JournalUnavailable):
        house, people = House(), []  # said by the examination of the folder
    if offline:
        return [*half, Symptom("ok", "offline"), *people]
    asked = [
        *([_all(slack.check_up(bots.slack, house))] if bots.slack else []),
        *([_all(telegram.check_up(bots.telegram, house))] if bots.telegram else []),
    ]
    found = await asyncio.gather(*asked)
    return [*half, *(one for some in found for one in some), *people]


async def _all(found: AsyncIterator[Symptom]) -> list[Symptom]:
    return [one async for one in found]


def _people(home: Home, now: Instant) -> list[Symptom]:
    """Who has no account, whom the bot can't write to, who was invited and hasn't come."""
    house, directory, found = home.house, home.world.directory, list[Symptom]()
    without = [one.name for one in directory.people.values() if not house.accounts(one.id)]
    shut = [
        f"{directory.name(link.person)} ({link.surface}, {link.why})"
        for link in house.links.values()
        if not link.open
    ]
    waiting = [directory.name(one.person) for one in house.invitations.values() if one.expires > now]
    for code, names in (("no_account", without), ("shut_account", shut)):
        if names:
            found.append(Symptom("warn", code, {"people": ", ".join(names), "count": len(names)}))
    if waiting:
        found.append(Symptom("ok", "invited", {"people": ", ".join(waiting), "count": len(waiting)}))
    return found
