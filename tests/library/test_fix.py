"""`--fix`: mending twice is mending once, no meaning changes, no letter is lost, no file is left half written."""

import os
import re
import stat
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.library import fix
from engine.library.fix import mend_file, mended
from engine.library.yamltree import compose

SIGNS = [
    *" \t\n:-?,[]{}#&*!|>'\"%@`\\", "\r\n", "\n  ", "\n    ", ": ", " : ", " #", "# ", "\n- ", "\n  - ", "{{ a }}", "é",
    "a", "b c", "key: ", "\nkey: ", "\nnext: {", "}", "[a, b]", "\u00a0", "1 h", "T0 + 4 h", "> 10", "l'eau", "x-y: ",
]  # fmt: skip
yamlish = st.lists(st.sampled_from(SIGNS), max_size=40).map("".join)

words = st.text(st.sampled_from("abé 'l:,?#&-{}[]\"\\1%"), min_size=1, max_size=12)
trees = st.recursive(
    words,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from("abcdef"), inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


def _spelt(tree: object, *, flow: bool) -> str:
    """A tree as PyYAML writes it, in either style."""
    import yaml

    return yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow, sort_keys=False, width=200)


@given(yamlish)
@settings(max_examples=1500, deadline=None)
def test_mending_twice_is_mending_once(text: str) -> None:
    once = mended(text)
    assert mended(once) == once


@given(yamlish)
@settings(max_examples=1500, deadline=None)
def test_a_file_that_can_be_read_keeps_its_meaning(text: str) -> None:
    before = compose(text, "")
    if not before.findings:
        after = compose(mended(text), "")
        assert not after.findings
        assert repr(after.tree) == repr(before.tree)


@given(trees, st.booleans())
@settings(max_examples=500, deadline=None)
def test_what_a_program_wrote_keeps_its_meaning(tree: object, flow: bool) -> None:
    text = _spelt(tree, flow=flow)
    assert repr(compose(mended(text), "").tree) == repr(compose(text, "").tree)


@given(yamlish)
@settings(max_examples=1000, deadline=None)
def test_no_letter_is_lost(text: str) -> None:
    def letters(written: str) -> Counter[str]:
        return Counter(re.findall(r"\w", written))

    assert letters(mended(text)) == letters(text)


def test_comments_stay() -> None:
    text = "# en tête\na: {label: Tout est perdu, next: b}  # à côté\n# au milieu\nb: c : d  # fin\n"
    assert mended(text) == (
        '# en tête\na:  # à côté\n  label: Tout est perdu\n  next: b\n# au milieu\nb: "c : d"  # fin\n'
    )


def test_a_collection_with_a_comment_inside_is_left_to_its_author() -> None:
    text = "a: [Tout couper,  # d'abord\n  puis attendre]\n"
    assert mended(text) == text


def test_line_ends_and_the_mark_of_windows_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: {label: Tout est perdu, next: b}\r\nc: d\r\n")
    assert mend_file(path)
    assert path.read_bytes() == (b"\xef\xbb\xbfa:\r\n  label: Tout est perdu\r\n  next: b\r\nc: d\r\n")


def test_a_clean_file_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: b\n", "utf-8")
    os.utime(path, ns=(1, 1))
    assert not mend_file(path)
    assert path.stat().st_mtime_ns == 1


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a: \xe9: b", b"\x00", b"a" * 1_000_001])
def test_what_is_not_utf8_text_is_left_alone(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    assert not mend_file(path)
    assert path.read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX's")
def test_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: b : c\n", "utf-8")
    path.chmod(0o640)
    assert mend_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_failure_leaves_the_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: b : c\n", "utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fix.os, "replace", full)
    with pytest.raises(OSError, match="space"):
        mend_file(path)
    assert [one.name for one in tmp_path.iterdir()] == ["a.yaml"]
    assert path.read_text("utf-8") == "a: b : c\n"


def test_an_edit_made_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("theirs\n", "utf-8")
    with pytest.raises(OSError, match="meanwhile"):
        fix.write_atomically(path, b"ours\n", unless_changed_from=b"before\n")
    assert path.read_text("utf-8") == "theirs\n"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_text("a: b : c\n", "utf-8")
    link.symlink_to(real)
    assert mend_file(link)
    assert link.is_symlink()
    assert real.read_text("utf-8") == 'a: "b : c"\n'
