"""The edges of a command line: streams that are closed, full or deaf, letters that the system takes for bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.console.town import Town, environment, new_town

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")
TOCSIN = f"'{sys.executable}' -m bots.cli --home valmont"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return new_town(tmp_path)


def shell(town: Town, line: str, **more: str) -> tuple[int, str, str]:
    done = subprocess.run(
        ["bash", "-c", line], cwd=town.path.parent, env=environment() | more, capture_output=True, timeout=60
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    "line",
    [
        f"{TOCSIN} list > /dev/full",
        f"{TOCSIN} --help > /dev/full",
        f"set -o pipefail; {TOCSIN} list | true",
    ],
)
def test_what_cannot_be_shown_is_one_line_and_no_answer(town: Town, line: str) -> None:
    code, _, told = shell(town, line)
    assert code == 2
    assert len(told.splitlines()) == 1
    assert "relancer" not in told
    assert "enregistré" in told


def test_after_a_commit_nobody_is_told_to_do_it_again(town: Town) -> None:
    opened = town.tocsin("run", "rancongiciel", "--as", "p4", lines="note un\n")
    assert opened.code == 0
    incident = next(word for word in opened.out.split() if word.startswith("INC-")).strip(".,:;")
    code, _, told = shell(town, f"{TOCSIN} do {incident} --as p4 note deux > /dev/full")
    assert code == 2
    assert "relancer" not in told
    assert "deux" in town.tocsin("export", incident, "--format", "jsonl").out


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_error(town: Town, closed: str) -> None:
    code, _, told = shell(town, f"{TOCSIN} run rancongiciel --as p4 {closed}")
    assert code == 0, told
    assert "Error" not in told
    assert "INC-" in town.tocsin("list").out


def test_letters_are_kept_where_the_system_takes_bytes(town: Town) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    opened = town.tocsin("run", "rancongiciel", "--as", "p4", lines="note un\n")
    incident = next(word for word in opened.out.split() if word.startswith("INC-")).strip(".,:;")
    code, _, told = shell(town, f"{TOCSIN} do {incident} --as p4 note 'é à € noté'", **plain)
    assert (code, told) == (0, "")
    assert "é à € noté" in town.tocsin("export", incident, "--format", "jsonl").out


def test_a_terminal_that_lacks_letters_shows_them_as_a_mark() -> None:
    import pty

    parent, child = pty.openpty()
    subprocess.run(
        [sys.executable, "-c", "from bots.cli import speak_utf8; speak_utf8(); print('é €')"],
        stdin=child,
        stdout=child,
        stderr=child,
        env=environment() | {"PYTHONIOENCODING": "latin-1:strict", "PYTHONUTF8": "0"},
        check=True,
        timeout=60,
    )
    os.close(child)
    shown = os.read(parent, 65536)
    os.close(parent)
    assert shown.split() == [b"\xe9", b"?"]


@pytest.mark.parametrize("speed", ["nan", "-1", "0", "inf"])
def test_a_speed_that_is_none_is_refused_in_words(town: Town, speed: str) -> None:
    code, shown, told = shell(town, f"{TOCSIN} demo --speed {speed}")
    assert code == 2
    assert not shown
    assert "--speed" in told


def test_a_folder_that_cannot_be_written_is_told_before_the_play(town: Town) -> None:
    code, shown, told = shell(town, f"{TOCSIN} demo --out /proc/x")
    assert code == 2
    assert not shown
    assert "/proc/x" in told


def test_a_procedure_of_the_town_that_is_left_aside_is_told_at_opening(town: Town) -> None:
    (town.path / "runbooks").mkdir()
    (town.path / "runbooks" / "x.yaml").write_text(
        "format: 1\nrunbook: rancongiciel\ntitle: A : B\n", "utf-8"
    )
    for line in ("list", "run rancongiciel --as p4", "do 001 --as p4 note x"):
        code, _, told = shell(town, f"{TOCSIN} {line} </dev/null")
        assert code == 0
        assert "x.yaml:3" in told
        assert "tocsin check" in told
