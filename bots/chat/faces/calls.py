"""A message wakes nobody: the roll that each answers for themselves, and the chain of numbers that somebody dials.

Numbers are shown in private only: here, to whoever called the roll or asks for the chain, and to whoever directs with
the name of who is blocked.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from bots.chat.faces.fit import content
from bots.chat.faces.lines import head, marked
from bots.chat.faces.presses import ROWS, in_rows
from bots.chat.faces.suspect import suspect_content
from bots.chat.faces.wanted import LATE, Standing, View, Wanted, is_idle
from bots.chat.token import press_of, token_of
from bots.chat.values import Content, Press
from bots.inbound.pressed import CALLED, of_incident, person_number
from bots.lines import Line
from engine.core.cards import heading
from engine.core.cards.sections import needed_roles, presence_buttons
from engine.core.cards.values import At, Phrase
from engine.core.permissions import holders, is_away
from engine.core.quantities import Instant
from engine.speech import Speech

__all__ = ["call_cards", "cell_content", "dialled", "dials"]

_NATIONAL: Final = re.compile(r"0[1-9]\d{8}")
_ANSWERED: Final = ("present", "coming")


def call_cards(view: View, person: str, standing: Standing = None) -> Iterator[Wanted]:
    """The roll that this person answers, and the numbers that they are to dial."""
    since = view.incident.calls.get(person, (0, 0))[0]
    open_ = view.incident.status == "open"
    if (since and open_) or not is_idle(view.key("roll"), standing):
        yield _roll(view, person, since)
    dials = person == view.incident.rolled_by and open_ and any(_to_dial(view))
    if dials or not is_idle(view.key("calls"), standing):
        yield Wanted(
            person=person,
            key=view.key("calls"),
            content=cell_content(view, person),
            priority=LATE,
            only_edit=not dials,
        )


def _roll(view: View, person: str, since: Instant) -> Wanted:
    """Ask whoever was called and is silent whether they are there; afterwards, their answer."""
    speech = view.speech(person)
    status = view.incident.presence.get(person, "")
    buttons = [one for one in presence_buttons(view.public, person) if one.name != status]
    lines = [Line(kind="head", text=head(heading(view.scene), speech))]
    if since:
        title = speech.say("faces.roll.asked", at=speech.at(since))
    elif status:
        title = speech.say("faces.roll.answered", status=speech.say(f"cards.cell.{status}"))
    else:
        title = speech.say("faces.roll.over")
    open_ = view.incident.status == "open"
    shown = in_rows((press_of(one, view.public, speech) for one in buttons), 1) if open_ else ()
    return Wanted(
        person=person,
        key=view.key("roll"),
        content=content(marked(title, view.incident, speech), lines, speech, shown),
        priority=LATE,
        afresh=str(since) if since else "",
        only_edit=not since or not open_,
        silent=False,
    )


def cell_content(view: View, person: str) -> Content:
    """Whom to dial, in order, and how each call went; a row of buttons for each who is still silent."""
    if view.suspect:
        return suspect_content(view, person)
    speech = view.speech(person)
    everybody = _people(view)
    present = sum(_has_answered(view, person) for person in everybody)
    counted = speech.say("cards.cell.count", present=present, all=len(everybody))
    lines = list(_answers(view, speech))
    silent = tuple(_to_dial(view))
    if not silent:
        lines.append(Line(kind="ok", text=speech.say("faces.calls.none")))
    open_ = view.incident.status == "open"
    buttons = tuple(_rows(view, silent, speech)) if open_ else ()
    return content(marked(counted, view.incident, speech), lines, speech, buttons)


def _people(view: View) -> dict[str, str]:
    """Whoever holds a needed role, first in line, with that role."""
    scene = view.scene
    found: dict[str, str] = {}
    for role in needed_roles(scene):
        listed = holders(role, view.incident, scene.world.directory)
        if person := (listed[0] if listed else scene.first_for((role,))):
            found.setdefault(person, role)
        for one, deputy in itertools.pairwise(listed):
            if _is_out_of_reach(view, one):
                found.setdefault(deputy, role)
    return found


def _is_out_of_reach(view: View, person: str) -> bool:
    """Away, or not found at the telephone: the next in line is called."""
    phoned = view.incident.phoned.get(person)
    missed = phoned is not None and phoned.result != "reached"
    return is_away(person, view.incident) or (missed and not _has_answered(view, person))


def _has_answered(view: View, person: str) -> bool:
    return view.incident.presence.get(person) in _ANSWERED


def _to_dial(view: View) -> Iterator[str]:
    """Those who said nothing yet and were not reached, a wrong number left out: nobody is behind it."""
    for person in _people(view):
        phoned = view.incident.phoned.get(person)
        wrong = phoned is not None and phoned.result == "wrong_number"
        if not (_has_answered(view, person) or is_away(person, view.incident) or wrong):
            yield person


def _answers(view: View, speech: Speech) -> Iterator[Line]:
    """Where each of the cell is."""
    for person, role in _people(view).items():
        status = view.incident.presence.get(person, "")
        phoned, called = view.incident.phoned.get(person), view.incident.calls.get(person)
        told = [speech.person(person)]
        if status:
            told.append(speech.say(f"cards.cell.{status}"))
        elif phoned is not None:
            told.append(speech.say(f"faces.calls.{phoned.result}", at=speech.at(phoned.at)))
        elif called is not None:
            told.append(speech.phrase(Phrase("cell.called", {"at": At(called[0])})))
        sign = "done" if status in _ANSWERED else "absent" if status else "unknown"
        yield Line(kind=sign, label=speech.role(role), text=", ".join(told), id=person)


def _rows(view: View, silent: tuple[str, ...], speech: Speech) -> Iterator[tuple[Press, ...]]:
    numbered = [one for one in silent if view.scene.phone(one)]
    for person in numbered[:ROWS]:
        yield dials(view, person, speech), *_results(view, person, speech.person(person), speech)


def _results(view: View, person: str, name: str, speech: Speech) -> Iterator[Press]:
    """Reached, voicemail, wrong number: each of one press."""
    for value, result in enumerate(CALLED, 1):
        yield Press(
            label=speech.say(f"faces.button.{result}", name=name.rsplit(maxsplit=1)[-1]),
            token=token_of(of_incident("called", view.scene, person_number(person), value)),
        )


def dials(view: View, person: str, speech: Speech) -> Press:
    """Calls somebody who has a number, where it is touched."""
    number = dialled(view.scene.phone(person))
    return Press(label=f"{speech.person(person)} {number}", url=f"tel:{number}")


def dialled(phone: str) -> str:
    """A number as any telephone dials it: a French one gets its country, so that a chat makes it a link."""
    figures = re.sub(r"[^\d+]", "", phone)
    return f"+33{figures[1:]}" if _NATIONAL.fullmatch(figures) else figures
