"""What the chats bring to the core: how a telephone call went, a message that was kept, what became of it there."""

from __future__ import annotations

from engine.core import commands as c
from engine.core import events as e
from tests.core.builders import NIGHT, Town, play
from tests.core.test_semantics_people import POSTES


def town() -> Town:
    played = play(POSTES)
    played.declares("dsi", "postes")
    played.says("dsi", c.CallRoll())
    return played


def test_one_who_was_reached_comes_and_is_silent_no_more() -> None:
    played = town()
    assert "maire" in played.incident.calls
    written = played.says("agent", c.MarkCall(person="maire", result="reached"))
    assert e.PresenceMarked(person="maire", status="coming") in written
    assert "maire" not in played.incident.calls
    assert played.incident.phoned["maire"].result == "reached"
    assert played.incident.phoned["maire"].by == "agent"


def test_a_message_left_or_a_wrong_number_is_no_answer() -> None:
    played = town()
    for result in ("voicemail", "wrong_number"):
        written = played.says("agent", c.MarkCall(person="maire", result=result))
        assert e.CallMade(person="maire", result=result) in written
        assert "maire" in played.incident.calls
        assert "maire" not in played.incident.presence
    assert played.is_told("agent", c.MarkCall(person="maire", result="peut-être")).code == "unknown_call"
    assert played.is_told("agent", c.MarkCall(person="inconnu", result="reached")).code == "unknown_person"


def test_one_who_is_here_stays_here_when_called() -> None:
    played = town()
    played.says("maire", c.MarkPresence(person="maire", status="present"))
    assert played.says("agent", c.MarkCall(person="maire", result="reached"))[0] == e.CallMade(
        person="maire", result="reached"
    )
    assert played.incident.presence["maire"] == "present"


def test_a_kept_message_keeps_its_hour_and_what_became_of_it() -> None:
    played = town()
    kept = c.KeepMessage(text="écran rouge", author="Paul", message="telegram:1:2")
    played.says("agent", kept, occurred_at=NIGHT - 60_000)
    (entry,) = played.entries(e.MessageKept)
    assert (entry.event, entry.occurred_at) == (
        e.MessageKept(text="écran rouge", author="Paul", message="telegram:1:2"),
        NIGHT - 60_000,
    )
    played.says("", c.ReportChange(entry=entry.seq, text="écran vert"))
    played.says("", c.ReportChange(entry=entry.seq, deleted=True))
    assert [one.deleted for one in played.written(e.KeptMessageChanged)] == [False, True]
    assert played.is_told("", c.ReportChange(entry=999, text="x")).code == "unknown_entry"
    assert played.is_told("agent", c.ReportChange(entry=1, text="x")).code == "clock_only"
    assert (
        played.is_told("agent", c.KeepMessage(text=" ", author="Paul", message="m")).code == "nothing_written"
    )
