"""`tocsin run`: from what was asked on the command line to a conversation, and out of it again."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import TextIO

from bots.answering import answers
from bots.answering.office import Office
from bots.console.called import program
from bots.console.doorway import open_incidents, person_named
from bots.console.opening import declare
from bots.console.paint import console, draw_lines, told
from bots.console.piped import follow
from bots.console.talk import Talk
from bots.door import CommandFailed
from bots.lines import Line
from engine.core.receipt import Receipt

__all__ = ["Plan", "by_pipe", "in_terminal"]

UNSURE = "je-ne-sais-pas-encore"
"""The procedure of whoever doesn't know yet what is happening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the command line asked for; what it left out is empty."""

    person: str = ""
    runbook: str = ""
    incident: str = ""
    title: str = ""
    exercise: bool = False
    new: bool = False
    """Open another incident, whatever is open."""
    home: str = ""
    """The option that named the town, for the line that says how to come back."""


# A pipe


def by_pipe(office: Office, plan: Plan, script: TextIO, out: TextIO) -> int:
    """Open or go on, then do one command a line. 1 if anything was refused."""
    lines: Iterable[str] = script
    if not plan.person:
        first = _first_command(script)
        plan = replace(plan, person=_speaker(office, first))
        lines = chain([first], script)
    incident = plan.incident or _gone_on_with(office, plan)
    if incident:
        seen = office.incident(incident)
        talk = Talk(office=office, incident_id=incident, person=plan.person, seen=seen.seq if seen else 0)
        print(office.words.say("console.opening.resumed", incident=incident), file=out)
    else:
        receipt = _declared(office, plan)
        if receipt.refused is not None:
            print(told(answers.refused(receipt.refused, office.speech())), file=out)
            return 1
        talk = _begun(office, plan, receipt)
        print(office.words.say("console.opening.opened", incident=talk.incident_id), file=out)
    return follow(talk, lines, out)


def _first_command(script: TextIO) -> str:
    return next((line for line in script if line.strip() and not line.lstrip().startswith("#")), "")


def _speaker(office: Office, line: str) -> str:
    """Without `--as`, a script whose first line says who speaks (`@p1 …`) opens in their name."""
    word = line.split(None, 1)[0] if line.strip() else ""
    return person_named(office, word.lstrip("@") if word.startswith("@") else "")


def _gone_on_with(office: Office, plan: Plan) -> str:
    """The only open incident when no procedure is named; empty when a new one is to be opened.

    What a script can't be asked is refused: which of several, or whether a second one of the same is meant. An
    exercise under way is never a reason not to open the real thing.
    """
    if plan.new or plan.exercise:
        return ""
    found = open_incidents(office)
    if plan.runbook:
        real = [one for one in found if not one.exercise]
        same = [one.id for one in real if any(run.runbook == plan.runbook for run in one.open_runs)]
        if same:
            raise CommandFailed("console.error.already_open", incident=same[0], runbook=plan.runbook)
        return ""
    if len(found) > 1:
        raise CommandFailed("console.error.several_open", incidents=", ".join(one.id for one in found))
    return found[0].id if found else ""


def _declared(office: Office, plan: Plan) -> Receipt:
    return declare(office, plan.person, plan.runbook or UNSURE, plan.title, exercise=plan.exercise)


def _begun(office: Office, plan: Plan, receipt: Receipt) -> Talk:
    return Talk(office=office, incident_id=receipt.incident, person=plan.person, seen=receipt.last)


# A terminal


def in_terminal(office: Office, plan: Plan) -> int:
    """Ask what the command line left out, then talk."""
    import asyncio

    from bots.console.interactive import converse

    talk = _opened(office, plan)
    if talk is None:
        return 0
    asyncio.run(converse(talk))
    _leave(talk, plan.home)
    return 0


def _opened(office: Office, plan: Plan) -> Talk | None:
    """Who, then which incident; None when the person leaves before."""
    from bots.console.greeting import ask_incident, ask_person, ask_runbook

    person = plan.person or ask_person(office)
    if not person:
        return None
    fresh = plan.new or plan.exercise
    incident = plan.incident or ("" if fresh else ask_incident(office))
    if incident is None:
        return None
    if incident:
        return _resumed(office, incident, person)
    runbook = plan.runbook or ask_runbook(office)
    if not runbook:
        return None
    plan = replace(plan, person=person, runbook=runbook)
    receipt = _declared(office, plan)
    if receipt.refused is not None:
        raise CommandFailed(
            "console.error.told", exit_code=1, detail=office.speech().refusal(receipt.refused)
        )
    _say(office, "opened", receipt.incident)
    return _begun(office, plan, receipt)


def _resumed(office: Office, incident: str, person: str) -> Talk:
    """Go on: what fell due meanwhile is fired, and told as one list."""
    before = office.incident(incident)
    talk = Talk(office=office, incident_id=incident, person=person, seen=before.seq if before else 0)
    _say(office, "resumed", incident)
    office.timers.fire_now(office.now())
    console(sys.stdout).print(draw_lines(talk.news()))
    return talk


def _say(office: Office, key: str, incident: str) -> None:
    line = Line(kind="ok", text=office.words.say(f"console.opening.{key}", incident=incident))
    console(sys.stdout).print(draw_lines([line]))


def _leave(talk: Talk, home: str) -> None:
    """Say how to come back: nothing is lost by leaving."""
    key = "closed" if talk.incident.status == "closed" else "resume"
    facts = {"incident": talk.incident_id, "person": talk.person, "tocsin": program(), "home": home}
    text = talk.speech.say(f"console.leaving.{key}", **facts)
    print(told(Line(kind="hint", text=text)))  # not wrapped: it is to be copied
