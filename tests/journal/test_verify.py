"""Whatever is changed, verification finds it and says which entry; what was erased by the rules still verifies."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core import commands as c
from engine.core.cards import touched
from engine.core.deadlines import of
from engine.home import Home
from engine.i18n import Words
from engine.journal import audit, record
from engine.journal.broken import Break
from engine.journal.codec import ROLE
from engine.journal.sqlite import FILE, SqliteJournal
from engine.journal.verify import Verdict, verify_file, verify_incident
from tests.desk import towns

INCIDENT = "INC-2025-001"
BESIDE = "event = (SELECT id FROM events WHERE seq = 9)"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town with one incident of some twenty entries, with names, free text, a fact of every sort."""
    folder = towns.make_town(tmp_path_factory.mktemp("town") / "valmont")
    with Home(folder) as home:
        incident = towns.declare(home)
        assert incident == INCIDENT
        for number in range(12):
            towns.press(home, incident, f"press {number}", at=towns.NOW + number * 1000)
        towns.note(home, incident, "Le serveur « paie » est éteint.", "note", at=towns.NOW + 13_000)
        order = towns.order(
            incident, c.Note(text="vu par un autre"), "for", entered_by="p5", at=towns.NOW + 14_000
        )
        towns.accepted(home.desk.submit_now(order))
    return folder


@pytest.fixture
def journal(town: Path, tmp_path: Path) -> Path:
    """A copy of its journal, to spoil."""
    return Path(shutil.copy(town / FILE, tmp_path / FILE))


@pytest.fixture(scope="module")
def timeline(town: Path) -> bytes:
    with Home(town) as home:
        return b"".join(record.write(home.journal.reader.rows(INCIDENT), lambda entry: f"n° {entry.seq}"))


def verdict_of(journal: Path, head: str | None = None) -> Verdict:
    opened = SqliteJournal(journal)
    try:
        return verify_incident(opened.reader, INCIDENT, head)
    finally:
        opened.close()


def spoil(journal: Path, *statements: str) -> None:
    """What a person who can write the file does: the triggers don't stop them."""
    with sqlite3.connect(journal) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def _redacted(home: Home) -> list[bytes]:
    """The lines of a copy from which every name and text was taken; the roles stay."""
    whole = map(json.loads, record.write(home.journal.reader.rows(INCIDENT), lambda _: ""))
    return [record.line(record.without(one, one["commitments"].keys() - {ROLE})) for one in whole]


def where(verdict: Verdict) -> tuple[int, str]:
    assert verdict.breaks, "nothing found"
    for words in (Words("fr"), Words("en")):
        assert verdict.breaks[0].tell(words)
    return verdict.breaks[0].seq, verdict.breaks[0].code


def test_an_untouched_chain_is_whole(journal: Path) -> None:
    verdict = verdict_of(journal)
    assert verdict.whole
    assert verdict.entries > 15
    assert not verdict.erased


@pytest.mark.parametrize(
    ("column", "changed"),
    [
        ("at", "at + 1"),
        ("occurred_at", "at - 60000"),
        ("source", "'slack'"),
        ("kind", "'said'"),
        ("kind_version", "2"),
        ("data", "json_set(data, '$.outcome', 'non')"),
        ("commitments", "zeroblob(length(commitments))"),
        ("hash", "zeroblob(32)"),
    ],
)
def test_a_changed_column_is_found_at_its_entry(journal: Path, column: str, changed: str) -> None:
    spoil(journal, f"UPDATE events SET {column} = {changed} WHERE seq = 9")
    assert where(verdict_of(journal)) == (9, "changed")


@pytest.mark.parametrize(
    "changed",
    [
        "name = 'Quelqu''un d''autre'",
        "actor = 'p1'",
        "role = 'maire'",
        "salts = zeroblob(length(salts))",
        "salts = x'00'",
    ],
)
def test_a_changed_text_beside_the_chain_is_found(journal: Path, changed: str) -> None:
    spoil(journal, f"UPDATE plain SET {changed} WHERE {BESIDE}")
    seq, code = where(verdict_of(journal))
    assert seq == 9
    assert code in {"leaf_changed", "leaves_unreadable"}


def test_a_text_added_beside_the_chain_is_found(journal: Path) -> None:
    spoil(journal, f"""UPDATE plain SET leaves = '{{"reason":"parce que"}}' WHERE {BESIDE}""")
    assert where(verdict_of(journal))[0] == 9


def test_a_text_that_went_without_an_erasure_is_found(journal: Path) -> None:
    spoil(journal, f"DELETE FROM plain WHERE {BESIDE}")
    assert where(verdict_of(journal)) == (9, "leaf_missing")


def test_a_deleted_entry_is_found(journal: Path) -> None:
    spoil(
        journal,
        "DELETE FROM events WHERE seq = 9",
    )
    assert where(verdict_of(journal)) == (10, "out_of_order")


def test_a_deleted_entry_whose_followers_moved_up_is_found(journal: Path) -> None:
    spoil(
        journal,
        "DELETE FROM events WHERE seq = 9",
        *(f"UPDATE events SET seq = {seq - 1} WHERE seq = {seq}" for seq in range(10, 25)),
    )
    assert where(verdict_of(journal)) == (9, "changed")


def test_swapped_entries_are_found(journal: Path) -> None:
    spoil(
        journal,
        "UPDATE events SET seq = 1000 WHERE seq = 9",
        "UPDATE events SET seq = 9 WHERE seq = 10",
        "UPDATE events SET seq = 10 WHERE seq = 1000",
    )
    assert where(verdict_of(journal))[0] == 9


def test_an_inserted_entry_is_found(journal: Path) -> None:
    spoil(
        journal,
        *(f"UPDATE events SET seq = {seq + 1} WHERE seq = {seq}" for seq in range(30, 8, -1)),
        """
        INSERT INTO events SELECT 1000, incident, 9, at, occurred_at, source, kind, kind_version, data, '', x'', hash,
        NULL, NULL FROM events WHERE seq = 8
        """,
    )
    assert where(verdict_of(journal)) == (9, "changed")


def test_a_cut_tail_is_found_against_a_noted_head(journal: Path) -> None:
    noted = verdict_of(journal)
    spoil(
        journal,
        f"DELETE FROM events WHERE seq > {noted.entries - 2}",
    )
    assert verdict_of(journal).whole, "the chain alone can't see it"
    assert where(verdict_of(journal, noted.head)) == (0, "head_not_found")
    assert where(verdict_of(journal, noted.head[:8])) == (0, "head_not_found")


def test_a_head_noted_earlier_is_found_in_a_chain_that_went_on(journal: Path) -> None:
    opened = SqliteJournal(journal)
    earlier = list(opened.reader.rows(INCIDENT))[7].hash.hex()
    opened.close()
    assert verdict_of(journal, earlier[:12]).whole


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_any_changed_value_of_any_row_is_found(town: Path, tmp_path: Path, data: st.DataObject) -> None:
    for left in tmp_path.glob("one.db*"):
        left.unlink()
    journal = Path(shutil.copy(town / FILE, tmp_path / "one.db"))
    with closing(sqlite3.connect(journal)) as connection:
        table = data.draw(st.sampled_from(["events", "plain"]))
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()
        columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
    row = dict(zip(columns, data.draw(st.sampled_from(rows)), strict=True))
    # The place in the table, and the receipt of the order, are no part of what an entry says.
    beside = {"id", "event", "incident", "key", "last"}
    column = data.draw(st.sampled_from([name for name in columns if row[name] and name not in beside]))
    spoilt = _spoilt(row[column], data)
    with closing(sqlite3.connect(journal, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        try:
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {columns[0]} = ?", (spoilt, row[columns[0]])
            )
        except sqlite3.IntegrityError:
            return  # the table itself refuses it
    assert not verdict_of(journal).whole


def _spoilt(value: Any, data: st.DataObject) -> Any:
    """Another value, as near as can be."""
    if isinstance(value, int):
        return value + data.draw(st.sampled_from([-1, 1, 1 << 20]))
    at = data.draw(st.integers(0, len(value) - 1))
    if isinstance(value, bytes):
        return value[:at] + bytes([value[at] ^ (1 << data.draw(st.integers(0, 7)))]) + value[at + 1 :]
    return value[:at] + ("x" if value[at] != "x" else "y") + value[at + 1 :]


# The whole journal


def audited(folder: Path) -> tuple[list[Verdict], list[Break]]:
    with Home(folder) as home:
        return audit.audit(home.journal.reader, lambda state: of(state, home.world), touched)


@pytest.fixture
def whole_town(town: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(town, tmp_path / "copy"))


def test_what_is_derived_is_what_a_rebuild_gives(whole_town: Path) -> None:
    verdicts, beside = audited(whole_town)
    assert [verdict.whole for verdict in verdicts] == [True]
    assert beside == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE boards SET deadlines = json_set(deadlines, '$[0].due', 1)", "deadlines"),
        ("DELETE FROM boards", "deadlines"),
        ("UPDATE boards SET cards = json_set(cards, '$.overview', 1)", "cards"),
        ("UPDATE boards SET cards = json_remove(cards, '$.overview')", "cards"),
        ("UPDATE definitions SET body = CAST('{}' AS BLOB)", "definition"),
        ("UPDATE incidents SET number = 2, name = 'INC-2025-002'", "incident_missing"),
        ("UPDATE incidents SET number = 2", "numbered"),
        ("UPDATE incidents SET exercise = 1", "numbered"),
        ("UPDATE incidents SET year = 2024", "numbered"),
        ("UPDATE boards SET next_due = NULL", "next_due"),
        ("UPDATE boards SET next_due = next_due + 1", "next_due"),
        ("UPDATE events SET key = NULL WHERE seq = 9", "receipt"),
        ("UPDATE events SET last = NULL WHERE seq = 9", "receipt"),
        ("UPDATE events SET key = NULL, last = NULL WHERE seq = 9", "receipt"),
        ("UPDATE events SET last = last + 1 WHERE seq = 9", "receipt"),
        ("UPDATE events SET last = last - 1 WHERE seq = 9", "receipt"),
        (
            "UPDATE events SET last = last + 1 WHERE id = (SELECT max(id) FROM events WHERE key NOT NULL)",
            "receipt",
        ),
        ("UPDATE events SET key = x'00', last = 2 WHERE seq = 2", "receipt"),
        ("INSERT INTO erased SELECT id, id FROM events WHERE seq = 9", "erasure"),
        ("DROP INDEX receipts", "rule"),
        (
            "CREATE TRIGGER silence AFTER INSERT ON events BEGIN UPDATE boards SET next_due = NULL; END",
            "rule",
        ),
    ],
)
def test_a_change_beside_the_chain_is_found(whole_town: Path, statement: str, code: str) -> None:
    spoil(whole_town / FILE, statement)
    _, beside = audited(whole_town)
    assert code in {found.code for found in beside}
    assert all(found.tell(Words(lang)) for found in beside for lang in ("fr", "en"))


def test_a_trigger_that_was_dropped_is_found_by_its_name(whole_town: Path) -> None:
    with sqlite3.connect(whole_town / FILE) as connection:
        connection.execute("DROP TRIGGER events_never_change")
    connection.close()
    _, beside = audited(whole_town)
    assert [(found.code, found.facts) for found in beside] == [("rule", {"name": "events_never_change"})]


def test_a_search_and_an_erasure_are_no_break(whole_town: Path) -> None:
    with Home(whole_town) as home:
        home.journal.search("serveur")
    assert audited(whole_town)[1] == []


def _first(timeline: bytes, mark: bytes, change: Callable[[bytes], bytes], length: int) -> bytes:
    at = timeline.index(mark) + len(mark)
    return timeline[:at] + change(timeline[at : at + length]) + timeline[at + length :]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text + b"\n",
        lambda text: _first(text, b'"hash":"', bytes.upper, 64),
        lambda text: _first(text, b'"prev":"', lambda zeros: b"00 " + zeros[2:], 64),
        lambda text: _first(text, b'"salts":{"actor":"', bytes.upper, 32),
        lambda text: text.replace(b'"visit":1', b'"visit":true'),
        lambda text: text.replace(b'"visit":1', b'"visit":1.0'),
        lambda text: text.replace(b'"visit":1', b'"visit":true', 1),
        lambda text: text.replace(b'"seq":1,', b'"seq":true,', 1),
        lambda text: text.replace(b'"seq":1,', b'"seq": 1,', 1),
        lambda text: text.replace(b'"exercise":false', b'"exercise":0', 1),
        lambda text: text.replace("é".encode(), b"\\u00e9", 1),
        lambda text: text.replace(b"\n", b"\r\n"),
    ],
)
def test_another_spelling_of_the_same_file_is_found(
    timeline: bytes, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    spoilt = change(timeline)
    assert spoilt != timeline
    assert where(verdict_of_lines(tmp_path, spoilt))


@pytest.mark.parametrize("nothing", [None, 0, [], False, {}])
@pytest.mark.parametrize("name", ["id", "name", "role"])
def test_an_erased_place_holds_an_empty_text_and_no_other_nothing(
    town: Path, tmp_path: Path, name: str, nothing: object
) -> None:
    with Home(town) as home:
        lines = _redacted(home)
    forged = json.loads(lines[8])
    forged["actor"][name] = nothing
    lines[8] = record.line(forged)
    assert where(verdict_of_lines(tmp_path, b"".join(lines)))[0] == 9


# A file


def verdict_of_lines(tmp_path: Path, content: bytes, head: str | None = None) -> Verdict:
    path = tmp_path / "timeline.jsonl"
    path.write_bytes(content)
    return verify_file(path, head)


def test_an_exported_timeline_is_whole_and_has_the_journals_head(
    timeline: bytes, town: Path, tmp_path: Path
) -> None:
    verdict = verdict_of_lines(tmp_path, timeline)
    assert verdict.whole
    with Home(town) as home:
        assert verdict == verify_incident(home.journal.reader, INCIDENT)


def test_a_redacted_timeline_verifies_and_tells_no_name(timeline: bytes, town: Path, tmp_path: Path) -> None:
    with Home(town) as home:
        redacted = b"".join(_redacted(home))
    verdict = verdict_of_lines(tmp_path, redacted)
    assert verdict.whole
    assert verdict.erased > 15
    assert verdict.head == verdict_of_lines(tmp_path, timeline).head
    assert b"Lacombe" in timeline
    assert b"Lacombe" not in redacted
    assert "éteint".encode() not in redacted
    assert json.loads(redacted.splitlines()[-1])["actor"]["role"]


def test_a_role_put_in_place_of_another_is_found_in_a_redacted_timeline(town: Path, tmp_path: Path) -> None:
    with Home(town) as home:
        redacted = b"".join(_redacted(home))
    spoilt = redacted.replace(b'"role":"dsi"', b'"role":"dgs"', 1)
    assert spoilt != redacted
    assert where(verdict_of_lines(tmp_path, spoilt))[1] == "leaf_changed"


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
def test_any_changed_byte_of_a_file_is_found(timeline: bytes, tmp_path: Path, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(timeline) - 1))
    summaries = [(start, timeline.index(b'","data":', start)) for start in _starts(timeline, b'"summary":"')]
    if any(start <= at < end for start, end in summaries):
        return  # told anew at each export: outside the chain, and documented so
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != timeline[at]))
    spoilt = timeline[:at] + bytes([byte]) + timeline[at + 1 :]
    assert not verdict_of_lines(tmp_path, spoilt).whole


def _starts(text: bytes, mark: bytes) -> Iterator[int]:
    at = text.find(mark)
    while at >= 0:
        yield at + len(mark)
        at = text.find(mark, at + 1)


def _swap(lines: list[bytes]) -> list[bytes]:
    return [*lines[:7], lines[8], lines[7], *lines[9:]]


def _deleted(lines: list[bytes]) -> list[bytes]:
    return lines[:7] + lines[8:]


def _doubled(lines: list[bytes]) -> list[bytes]:
    return [*lines[:8], lines[7], *lines[8:]]


@pytest.mark.parametrize(("change", "seq"), [(_swap, 9), (_deleted, 9), (_doubled, 8)])
def test_moved_lines_are_found(
    timeline: bytes, tmp_path: Path, change: Callable[[list[bytes]], list[bytes]], seq: int
) -> None:
    lines = change(timeline.splitlines(keepends=True))
    assert where(verdict_of_lines(tmp_path, b"".join(lines))) == (seq, "out_of_order")


def test_a_cut_tail_of_a_file_is_found_against_a_noted_head(timeline: bytes, tmp_path: Path) -> None:
    head = verdict_of_lines(tmp_path, timeline).head
    cut = b"".join(timeline.splitlines(keepends=True)[:-1])
    assert verdict_of_lines(tmp_path, cut).whole
    assert where(verdict_of_lines(tmp_path, cut, head)) == (0, "head_not_found")


def test_a_name_written_into_an_erased_place_is_found(town: Path, tmp_path: Path) -> None:
    with Home(town) as home:
        lines = _redacted(home)
    forged = json.loads(lines[8])
    forged["actor"]["name"] = "Le maire"
    lines[8] = record.line(forged)
    assert where(verdict_of_lines(tmp_path, b"".join(lines))) == (9, "leaf_changed")


@pytest.mark.parametrize(
    "content", [b"", b"{}\n", b"[1]\n", b"null\n", b"\xff\xfe\n", b"[" * 100_000 + b"\n", b'"\\ud800"\n']
)
def test_a_file_that_is_no_timeline_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    assert where(verdict_of_lines(tmp_path, content))[1] in {"empty", "line_unreadable"}


def test_the_check_by_hand_that_the_guide_gives_works(timeline: bytes, tmp_path: Path) -> None:
    guide = (towns.ROOT / "docs" / "journal.md").read_text("utf-8")
    script = guide.partition("```python\n")[2].partition("```")[0]
    path = tmp_path / "timeline.jsonl"
    path.write_bytes(timeline)
    done = subprocess.run([sys.executable, "-I", "-c", script, path], capture_output=True, text=True)
    assert done.stdout.split() == ["head", verdict_of_lines(tmp_path, timeline).head], done.stderr
    path.write_bytes(timeline.replace(b"INC-2025-001", b"INC-2025-002"))
    assert subprocess.run([sys.executable, "-I", "-c", script, path], capture_output=True).returncode == 1
