"""A copy of the timeline for one reader: the document's dossier, and the lines that `tocsin verify` reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from engine.core import events as e
from engine.core.cards import Scene
from engine.core.incident import Incident
from engine.core.world import World
from engine.journal.chain import GENESIS
from engine.journal.codec import ACTOR, CODEC, ENTERED_BY, Row
from engine.journal.record import line, record, without
from engine.review.audiences import Audience
from engine.review.dossier import UNREAD, Dossier, audience_notes, dossier_of, extract
from engine.review.filters import Filter
from engine.review.narrator import Narrator, kind_of
from engine.review.redaction import Redactor
from engine.review.redaction.redactor import PEOPLE
from engine.speech import Speech

__all__ = ["copied", "copy_of"]


def copy_of(
    audience: Audience,
    entries: Iterable[e.Entry],
    speech: Speech,
    scene: Callable[[Incident], Scene],
    *,
    head: str,
    keep: Filter,
) -> Dossier:
    """The dossier that this reader gets, and of it the lines that pass the filter."""
    entries = tuple(entries)
    redactor = Redactor(audience, speech, entries)
    told = dossier_of(
        (redactor.entry(entry) for entry in entries),
        redactor.speech(speech),
        lambda incident: redactor.scene(scene(incident)),
        head=head,
        redacted=True,
    )
    read = tuple(one for one in told.lines if redactor.reads(one.kind))
    if unread := len(told.lines) - len(read):
        redactor.removed[UNREAD] = unread
    shown = extract(replace(told, lines=read, audience=audience.name, removed=redactor.removed), keep)
    if not redactor.hides("name"):
        return shown
    # An identifier may be somebody's name too; only the filter needed it.
    nameless = tuple(replace(one, person="", name="") for one in shown.lines)
    return replace(shown, lines=nameless)


def copied(rows: Sequence[Row], audience: Audience, speech: Speech, world: World) -> Iterator[bytes]:
    """The lines of the journal without the leaves that this reader doesn't get: they verify against the same chain.

    What the chain covers stays: kinds, hours, places in the procedures. `summary`, which it doesn't, tells each entry
    as this reader may read it; the first says for whom the copy is, and what was taken out.
    """
    entries = [CODEC.decode(row) for row in rows]
    redactor = Redactor(audience, speech, entries)
    told = [redactor.entry(entry) for entry in entries]
    gone = [_gone(before, after, redactor) for before, after in zip(entries, told, strict=True)]
    if unread := sum(not redactor.reads(kind_of(entry.event)) for entry in entries):
        redactor.removed[UNREAD] = unread
    narrator = Narrator(redactor.speech(speech), world, redacted=True)
    summaries = []
    for entry, paths in zip(told, gone, strict=True):
        summaries.append(narrator.summary(entry))
        if isinstance(entry.event, e.MessageSent) and entry.event.text and _masked(entry, narrator, redactor):
            redactor.removed["sensitive"] += 1
            paths.add("data.text")
    note = " ".join(audience_notes(speech, audience.name, redactor.removed))
    prev = GENESIS
    for row, entry, paths, summary in zip(rows, told, gone, summaries, strict=True):
        shown = summary if redactor.reads(kind_of(entry.event)) else speech.say("timeline.line.hidden")
        full = record(row, prev, f"{note} — {shown}" if prev == GENESIS else shown)
        yield line(without(full, paths & full["commitments"].keys()))
        prev = row.hash


def _masked(entry: e.Entry, narrator: Narrator, redactor: Redactor) -> bool:
    """Whether a message was filled with a sensitive answer, too short to be found by itself ("oui")."""
    return redactor.hides("sensitive") and narrator.is_sensitive(entry.event)


def _gone(before: e.Entry, after: e.Entry, redactor: Redactor) -> set[str]:
    """The leaves that this reader doesn't get: a text is told as it was written, or not at all."""
    event = before.event
    changed = {name for name in event.LEAVES if getattr(event, name) != getattr(after.event, name)}
    if redactor.hides("name"):
        changed |= PEOPLE & set(event.LEAVES)
        changed |= {
            name for name in ("value",) if name in event.LEAVES and redactor.knows(getattr(event, name))
        }
    paths = {f"data.{name}" for name in changed}
    return paths | {ACTOR, ENTERED_BY} if redactor.hides("name") else paths
