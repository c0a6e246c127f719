"""Signatures in chats: the request, once in the group for all to see, once in private for whoever is to sign first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bots.chat.faces.buzz import signatories
from bots.chat.faces.fit import content
from bots.chat.faces.lines import by_when, head, marked
from bots.chat.faces.presses import in_rows
from bots.chat.faces.suspect import suspect_content
from bots.chat.faces.wanted import APPROVAL, GROUP, Standing, View, Wanted, is_idle
from bots.chat.token import press_of, token_of
from bots.chat.values import Content, Press
from bots.inbound.pressed import of_incident
from bots.lines import Line, row_words
from engine.core.cards import approval_card, heading, may_sign
from engine.core.cards.values import Due, Row, Section
from engine.core.incident import Approval
from engine.speech import Speech

__all__ = ["approval_cards", "sign_cards", "sign_content"]


def approval_cards(view: View) -> Iterator[Wanted]:
    """Every request of the incident, for the group."""
    for one in view.incident.approvals.values():
        asks = not view.incident.played_out
        yield Wanted(
            key=view.key(f"approval:{one.id}"),
            content=suspect_content(view) if view.suspect else _face(view, one, GROUP, pressable=asks),
            priority=APPROVAL,
            only_edit=view.suspect or not asks or not one.pending,
        )


def sign_cards(view: View, person: str, standing: Standing = None) -> Iterator[Wanted]:
    """The requests that wait for this person; those that they don't, or no more, are kept true where they stand."""
    for one in view.incident.approvals.values():
        spoken = any(vote.by == person and vote.voice and not vote.confirmed for vote in one.signed)
        spoken = spoken and not view.incident.played_out
        asked = one.pending and may_sign(view.scene, one, person) and not view.incident.played_out
        called = spoken or (asked and person in signatories(view.scene, one))
        key = view.key(f"sign:{one.id}")
        if not called and is_idle(key, standing):
            continue
        yield Wanted(
            person=person,
            key=key,
            content=_spoken(view, one, person) if spoken else _face(view, one, person, pressable=asked),
            priority=APPROVAL,
            afresh="" if not called else "spoken" if spoken else "asked",
            only_edit=not called,
            silent=False,
        )


def sign_content(view: View, approval: Approval, person: str) -> Content:
    """The same for whoever asks to see it, called for it or not."""
    if view.suspect:
        return suspect_content(view, person)
    return _face(view, approval, person, pressable=may_sign(view.scene, approval, person))


def _face(view: View, approval: Approval, person: str, *, pressable: bool) -> Content:
    scene, speech = view.public, view.speech(person)
    card = approval_card(scene, approval)
    section = card.find(Section)
    first, *rows = section.rows if isinstance(section, Section) else (Row(label=""),)
    asked = speech.phrase(first.label)
    if not approval.pending:
        title = speech.say(
            "faces.approval.over", number=approval.id, outcome=_outcome(first), state=_last(rows, speech)
        )
        return content(marked(title, view.incident, speech), _rows(rows[:-1], speech), speech)
    due = card.find(Due)
    when = (Line(kind="due", text=by_when(due, speech)),) if isinstance(due, Due) else ()
    votes = (press_of(one, scene, speech) for one in card.buttons) if pressable else ()
    return content(
        marked(asked, view.incident, speech),
        (Line(kind="head", text=head(heading(view.scene), speech)), *_rows(rows, speech), *when),
        speech,
        in_rows(votes, 2),
    )


def _outcome(first: Row) -> str:
    facts = getattr(first.label, "facts", {})
    return str(facts.get("outcome", ""))


def _last(rows: list[Row], speech: Speech) -> str:
    return speech.phrase(rows[-1].label) if rows else ""


def _rows(rows: Iterable[Row], speech: Speech) -> Iterator[Line]:
    for row in rows:
        yield Line(kind=row.sign or "plain", label=speech.phrase(row.label), text=row_words(row, speech))


def _spoken(view: View, approval: Approval, person: str) -> Content:
    """A yes that somebody else typed for them: it counts for good once they say so themselves."""
    speech = view.speech(person)
    section = approval_card(view.public, approval).find(Section)
    asked = speech.phrase(section.rows[0].label) if isinstance(section, Section) else ""
    press = Press(
        label=speech.say("faces.button.confirm"),
        token=token_of(of_incident("confirm", view.scene, approval.id)),
        style="primary",
    )
    title = marked(speech.say("faces.approval.confirm", number=approval.id), view.incident, speech)
    return content(title, [Line(kind="text", text=asked)], speech, [(press,)])
