"""Keep what was written or brought in a chat: a message with one gesture, what becomes of it, a file."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bots.chat.doing import Act, do, no, told
from bots.chat.filling import Wrong, moment_of, text_and_hour
from bots.chat.speaker import Speaker
from bots.chat.token import token_of
from bots.chat.values import Answer, Attachment, Content, Kept, Press
from bots.inbound.pressed import At, Intent, at_step, of_incident
from bots.lines import Line
from engine.core import commands as c
from engine.core import events as e
from engine.core.cards import Place, mine
from engine.home import Home

__all__ = ["Shelved", "bring", "keep", "note_change", "of_which", "wanted_for"]


def _identity(surface: str, message: str) -> str:
    return f"{surface}:{message}"


async def keep(speaker: Speaker, kept: Kept) -> Answer:
    """Make a message an entry, with its own hour. Kept again, it is the same entry."""
    author = speaker.office.home.house.person(kept.author.surface, kept.author.id)
    name = speaker.speech.person(author) if author else kept.author_name
    message = _identity(speaker.surface, kept.message)
    command = c.KeepMessage(text=kept.text, author=name, message=message)
    sent = min(kept.sent_at, speaker.office.now(speaker.incident)) or None
    act = Act(commands=(command,), occurred_at=sent, key=f"kept:{message}:{speaker.incident_id}")
    return await do(speaker, act)


def of_which(speaker: Speaker, why: str, incidents: Sequence[tuple[str, str]]) -> Answer:
    """Which incident a message is to be kept in: each has a button, which is that of a note in it."""
    if not incidents:
        return no(why)
    buttons = tuple(
        (Press(label=label, token=token_of(Intent(act="note", incident=one)), form=True),)
        for one, label in incidents
    )
    return Answer(ok=False, short=why, content=Content(title=why, buttons=buttons))


@dataclass
class Shelved:
    """Which messages were kept, as the journal tells: read on from where it was read last."""

    home: Home
    _seen: dict[str, int] = field(default_factory=dict)
    _kept: dict[str, dict[str, tuple[int, str]]] = field(default_factory=dict)

    def of(self, incident: str) -> Mapping[str, tuple[int, str]]:
        """Each kept message of this incident: its entry, and how it last read (empty once deleted)."""
        found, seen = self._kept.setdefault(incident, {}), self._seen.get(incident, 0)
        for entry in self.home.journal.reader.entries(incident, seen):
            match entry.event:
                case e.MessageKept(message=message, text=text) if message:
                    found[message] = (entry.seq, text)
                case e.KeptMessageChanged(entry=number, text=text):
                    for message in [one for one, (seq, _) in found.items() if seq == number]:
                        found[message] = (number, text)
                case e.Erased(entries=numbers):
                    for message in [one for one, (seq, _) in found.items() if seq in numbers]:
                        del found[message]
            self._seen[incident] = entry.seq
        return found


async def note_change(speaker: Speaker, shelved: Shelved, message: str, text: str | None) -> Answer:
    """The platform tells that a message was edited, or deleted (None): written down if it was kept."""
    identity = _identity(speaker.surface, message)
    incidents = [speaker.incident_id] if speaker.incident_id else [
        one.id for one in speaker.office.home.desk.incidents() if one.status == "open"
    ]  # fmt: skip
    for incident in incidents:
        found = shelved.of(incident).get(identity)
        if found is not None and found[1] != (text or "").strip():
            number = found[0]
            command = c.ReportChange(entry=number, text=text or "", deleted=not (text or "").strip())
            await _by_nobody(speaker.about(incident), command)
    return Answer()


async def _by_nobody(speaker: Speaker, command: c.Command) -> None:
    """It is the platform that tells: nobody of the cell did anything."""
    order = c.Order(
        incident=speaker.incident_id,
        command=command,
        by="",
        at=speaker.office.now(),
        key=f"changed:{speaker.caller.key}",
        source=speaker.surface,
    )
    await speaker.office.home.desk.submit(order)


def wanted_for(speakers: Sequence[Speaker]) -> str | Content:
    """The token under which a file that came without a word is kept; else what is asked first.

    A photo may show a citizen, or be for somebody else: it is kept unasked only for a step that asks for evidence.
    `speakers`: the same person, about each incident that may be meant.
    """
    fronts = [(one, next(iter(mine(one.scene, one.person)), None)) for one in speakers]
    speaker, step = fronts[0]
    if len(fronts) == 1 and step is not None and step.step.evidence:
        return token_of(at_step("evidence", speaker.scene, step))
    buttons = tuple(
        (press,) for about, front in fronts for press in _kept_as(about, front, named=len(fronts) > 1)
    )
    line = Line(kind="hint", text=speaker.say("chat.evidence.unasked"))
    title = speaker.say("chat.evidence.ask")
    if speaker.incident.exercise and len(fronts) == 1:
        title = f"{speaker.say('cards.heading.exercise')} {title}"
    return Content(title=title, lines=(line,), buttons=buttons)


def _kept_as(speaker: Speaker, front: Place | None, *, named: bool) -> Iterator[Press]:
    """As evidence of the step in front, or of the incident."""
    mark = speaker.say("cards.heading.exercise") if speaker.incident.exercise else ""
    which = f"{mark} {speaker.incident_id} ·".strip() if named else ""
    if front is not None:
        told = speaker.say("chat.evidence.of_step", step=front.step.title)
        yield Press(
            label=f"{which} {told}".strip(), token=token_of(at_step("evidence", speaker.scene, front))
        )
    told = speaker.say("chat.evidence.of_incident")
    yield Press(label=f"{which} {told}".strip(), token=token_of(of_incident("evidence", speaker.scene)))


async def bring(speaker: Speaker, at: At | None, file: Attachment, text: str, when: str = "") -> Answer:
    """A file: stored and hashed first, then written down; a photo that the platform compressed says so.

    `when`: since when it is as shown, in words; else the hour at the end of the text. One that can't be read doesn't
    lose the file: it stays as it was said.
    """
    path = Path(file.path)
    occurred_at, hints = None, list[Line]()
    try:
        text, occurred_at = (text, moment_of(speaker, when)) if when else text_and_hour(speaker, text)
    except Wrong as wrong:
        hints.append(Line(kind="hint", text=wrong.text))
        text = " — ".join(filter(None, (text.strip(), when)))
    try:
        kept = await asyncio.to_thread(_stored, speaker.office.home, path)
    except OSError as error:
        return no(speaker.say("chat.refused.not_stored", detail=error.strerror or str(error)))
    told_beside = [text.strip(), speaker.town.words.say("chat.evidence.compressed") if file.photo else ""]
    command = c.AddEvidence(
        run=at.run if at else 0,
        track=at.track if at else "",
        step=at.step if at else "",
        visit=at.visit if at else 0,
        name=file.name,
        sha256=kept[0],
        size=kept[1],
        media=file.media,
        text=" — ".join(filter(None, told_beside)),
    )
    answer = await do(speaker, Act(commands=(command,), occurred_at=occurred_at))
    await asyncio.to_thread(_dropped, path)
    if file.photo:
        hints.append(Line(kind="hint", text=speaker.say("chat.evidence.as_file")))
    return told([*answer.lines, *hints]) if hints and answer.ok else answer


def _stored(home: Home, path: Path) -> tuple[str, int]:
    with path.open("rb") as content:
        kept = home.evidence.keep(content)
    return kept.sha256, kept.size


def _dropped(path: Path) -> None:
    """The copy is kept: the door's temporary file is of no more use."""
    with contextlib.suppress(OSError):
        path.unlink()
