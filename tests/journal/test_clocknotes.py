"""What the machine's clock was worth is noted with the first entry, and when somebody sets it."""

from __future__ import annotations

from pathlib import Path

from engine.core import commands as c
from engine.desk import Desk
from engine.home import Home
from engine.home.home import RULES
from engine.journal.clocknotes import Watch, synchronised
from engine.journal.sqlite import FILE, SqliteJournal
from tests.desk import towns


class Machine:
    def __init__(self) -> None:
        self.elapsed, self.offset = 1_000, 1_700_000_000_000

    def watch(self) -> Watch:
        return Watch(lambda: self.elapsed + self.offset, lambda: self.elapsed, lambda: True)


def test_nothing_is_noted_before_the_first_entry(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / FILE)
    assert journal.clock_notes() == []
    journal.close()


def test_the_clock_is_noted_at_opening_and_when_it_is_set(tmp_path: Path) -> None:
    with Home(towns.make_town(tmp_path / "valmont")) as home:
        world, machine = home.world, Machine()
        journal = SqliteJournal(home.path / FILE, watch=machine.watch())
        desk = Desk(journal, world, RULES, definition=home.shelf.content)

        def write(key: str) -> None:
            command = c.Declare(title="x", known_at=towns.NOW)
            towns.accepted(desk.submit_now(towns.order("", command, key)))

        write("one")
        machine.elapsed += 60_000
        write("two")
        machine.offset += 900  # a time server's correction
        write("three")
        machine.offset -= 3_600_000  # somebody's
        write("four")
        write("five")
        notes = journal.clock_notes()
        journal.close()
    assert [(note.reason, note.jump) for note in notes] == [("open", 0), ("jump", -3_599_100)]
    assert [note.synchronised for note in notes] == [1, 1]
    assert notes[1].wall - notes[1].elapsed == machine.offset


def test_whether_the_clock_is_disciplined_is_known_or_said_to_be_unknown() -> None:
    assert synchronised() in {True, False, None}
