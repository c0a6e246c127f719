"""A trial alert: an exercise that calls the roll for five minutes, and shows who must be shown how to answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bots.serving.doors import Door
from bots.serving.setting_up.orders import Installer
from bots.serving.setting_up.terminal import Terminal
from engine.core.commands import CallRoll, CloseIncident, Declare
from engine.core.house import EXERCISES
from engine.core.incident import Incident
from engine.core.quantities import MINUTE, Instant

__all__ = ["trial"]

LASTS: Final = 5 * MINUTE
RUNBOOK: Final = "je-ne-sais-pas-encore"
"""What an alert begins with: its roles are those that are called."""


async def trial(terminal: Terminal, installer: Installer, doors: Mapping[str, Door]) -> None:
    """Alert, wait, tell, close. Never for real: the incident is an exercise from its first entry."""
    house = installer.office.home.house
    if "telegram" in doors and house.group("telegram", EXERCISES) is None:
        terminal.say("setup.trial.private_only")
    if not await terminal.yes("setup.trial.ready"):
        terminal.say("setup.trial.skipped")
        return
    runbook = RUNBOOK if RUNBOOK in installer.office.runbooks else ""
    now, title = installer.office.now(), terminal.words.say("setup.trial.name")
    declared, why_not = await installer.order(
        Declare(title=title, known_at=now, runbook=runbook, exercise=True), incident=""
    )
    if why_not:
        terminal.tell(why_not)
        return
    try:
        await _called(terminal, installer, declared.incident)
    finally:
        await _closed(terminal, installer, declared.incident)


async def _called(terminal: Terminal, installer: Installer, name: str) -> None:
    office = installer.office
    _, why_not = await installer.order(CallRoll(), incident=name)
    if why_not:
        terminal.tell(why_not)
        return
    named, house = office.home.world.directory.name, office.home.house
    linked = [one for one in _incident(installer, name).calls if house.accounts(one)]
    without = [named(one) for one in _incident(installer, name).calls if not house.accounts(one)]
    if without:
        terminal.say("setup.trial.no_account", people=", ".join(without))
    if not linked:
        terminal.say("setup.trial.nobody")
        return
    since = office.now()
    terminal.say(
        "setup.trial.called",
        incident=name,
        people=", ".join(map(named, linked)),
        at=office.speech().at(since + LASTS),
    )
    answered: dict[str, Instant] = {}

    def over() -> bool | None:
        presence = _incident(installer, name).presence
        for person in linked:
            if person in presence and person not in answered:
                answered[person] = office.now()
                seconds = max(answered[person] - since, 0) // 1000
                terminal.say("setup.trial.answered", person=named(person), seconds=seconds)
        return True if len(answered) == len(linked) or office.now() >= since + LASTS else None

    await terminal.until(over, "setup.trial.wait")
    silent = [named(one) for one in linked if one not in answered]
    if silent:
        terminal.say("setup.trial.silent", people=", ".join(silent))
    else:
        terminal.say("setup.trial.all")


async def _closed(terminal: Terminal, installer: Installer, name: str) -> None:
    """Close whatever happens, Ctrl-C included: an exercise that nobody leads must not go on calling."""
    reason = terminal.words.say("setup.trial.over")
    _, why_not = await installer.order(CloseIncident(reason=reason, confirm=True), incident=name)
    if why_not:
        terminal.tell(why_not)
    terminal.say("setup.trial.left_open" if why_not else "setup.trial.closed", incident=name)


def _incident(installer: Installer, name: str) -> Incident:
    found = installer.office.home.desk.incident(name)
    assert found is not None
    return found
