"""A hostile file gets a clear finding, quickly, in bounded memory; never a traceback."""

import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config import load_config
from engine.i18n import LANGUAGES, Words
from engine.library.check import checked
from engine.library.finding import render
from engine.library.reading import examined
from engine.library.source import MOST_BYTES

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join('*' + chr(97 + n) for _ in range(9))}]\n" for n in range(20)
)

# What it is, its bytes, the rule that says it.
HOSTILE = {
    "ten megabytes": (b"a: b\n" * 2_000_000, "too_large"),
    "ten thousand nested lists": (b"[" * 10_000, "too_deep"),
    "ten thousand nested lists, one a line": (b"[\n" * 10_000, "too_deep"),
    "ten thousand nested mappings": (b"{a: " * 10_000, "too_deep"),
    "ten thousand nested dashes": (b"- " * 10_000, "too_deep"),
    "keys of keys": (b"? " * 10_000, "complex_key"),
    "an alias bomb": (BOMB.encode(), "alias"),
    "a merge of itself": (b"a: &a\n  <<: *a\n", "merge_key"),
    "a tag that would build an object": (b"!!python/object/apply:os.system ['true']", "tag"),
    "binary": (bytes(range(256)) * 40, "binary"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(500), "binary"),
    "UTF-16": ("titre: été".encode("utf-16"), "encoding"),
    "an old Windows file": ("title: Rançongiciel à la mairie\n".encode("cp1252"), "encoding"),
    "a control character": (b"title: a\x07b\n", "control_character"),
    "an escape that writes a control": (b'title: "a\\e[31mb"\n', "control_character"),
    "an escape that writes a statement": (b'do: "{{ x }} \\0% for a in b %\\0"\n', "control_character"),
    "a control in a key": (b'"ti\\x9btle": b\n', "control_character"),
    "an escape that writes a carriage return": (b'title: "a\\rb"\n', "control_character"),
    "a line separator of Word": ("title: a\u2028b\n".encode(), "control_character"),
    "nothing": (b"", "empty"),
    "only comments": (b"# rien\n", "empty"),
    "two keys of one name": (b"title: a\nfoo: b\ntitle: c\n", "duplicate_key"),
    "two documents": (b"a: b\n---\nc: d\n", "documents"),
    "a million commas": (b"[" + b"a," * 450_000, "too_many_nodes"),
    "a hundred thousand keys": ("".join(f"k{n}: x\n" for n in range(90_000)).encode(), "too_many_nodes"),
    "broken, with a million commas": (b"x: y: z\nq: [" + b"a b," * 200_000, "colon_in_text"),
    "broken, with quotes that never end": (b"z: a: b\n" + b'a: "x\n' * 150_000, "colon_in_text"),
    "broken, with a quoted line a line": (b'a: "x"\n' + b' "y"\n' * 150_000 + b"b: c: d", "key_here"),
    "a space of a megabyte": (b"a: b" + b" " * 900_000 + b": c: d", "colon_here"),
    "tabs": (b"\t" * 900_000, "empty_or_tab"),
    "unending quotes": (b'"' + b"a\n" * 400_000, "unclosed_quote"),
    "a question mark in one-line style": (b"a: {label: Perdu ?, next: b}\n", "flow_question"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_finding_within_a_second(name: str, tmp_path: Path) -> None:
    content, rule = HOSTILE[name]
    path = tmp_path / "hostile.yaml"
    path.write_bytes(content)
    begun = time.perf_counter()
    found = checked(path).findings
    assert time.perf_counter() - begun < 1
    rules = {one.rule for one in found}
    assert found
    if rule != "empty_or_tab":
        assert rule in rules
    for lang in LANGUAGES:
        assert render(found, "text", Words(lang))


def test_a_hidden_character_is_told_where_its_text_is(tmp_path: Path) -> None:
    yaml, toml = tmp_path / "hostile.yaml", tmp_path / "tocsin.toml"
    yaml.write_text('format: 1\nrunbook: a\ntitle: "a\\e[2Jb"\n', "utf-8")
    toml.write_text('[organisation]\nname = "Val\\u001b[31mmont"\n', "utf-8")
    for path, place in ((yaml, (3, 8)), (toml, (2, 8))):
        found = [one for one in checked(path).findings if one.rule == "control_character"]
        assert [(one.line, one.column, one.facts["code"]) for one in found] == [(*place, "U+001B")]
    with pytest.raises(tomllib.TOMLDecodeError):
        load_config(tmp_path)


def test_a_file_over_the_bound_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"a" * (MOST_BYTES + 1))
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("read"))
    assert [one.rule for one in checked(path).findings] == ["too_large"]


@pytest.mark.skipif(sys.platform == "win32", reason="the bound on memory is POSIX's")
def test_hostile_files_are_read_in_bounded_memory(tmp_path: Path) -> None:
    """The interpreter and the models take some 150 MB of addresses; the worst files may add as much."""
    for number, (content, _) in enumerate(HOSTILE.values()):
        (tmp_path / f"{number}.yaml").write_bytes(content)
    script = (
        "import resource, sys, pathlib\n"
        "from engine.library.check import checked\n"
        "start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).iterdir()): checked(path)\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) // 1024)\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path], cwd=root, capture_output=True, text=True, check=True
    )
    megabytes = int(done.stdout) // (1024 if sys.platform == "darwin" else 1)
    assert megabytes < 150


@pytest.mark.parametrize(
    "written", ["yes", "no", "on", "08:30", "017", "1.10", "2026-11-01", "0x1F", "~", "null"]
)
def test_a_scalar_stays_what_its_author_wrote(written: str) -> None:
    assert examined(f"a: {written}\n".encode(), "x").tree == {"a": written}


def test_a_mark_at_the_start_of_the_file_is_not_part_of_the_first_key() -> None:
    assert examined(b"\xef\xbb\xbfa: b\n", "x").tree == {"a": "b"}


def test_both_lines_of_a_duplicate_key_are_told() -> None:
    (found,) = examined(b"title: a\nfoo: b\ntitle: c\n", "x").findings
    assert (found.line, found.facts["first"]) == (3, 1)


def test_an_encoding_mistake_is_told_where_it_is() -> None:
    (found,) = examined("a: b\nc: mairie \xe0\n".encode("latin-1"), "x").findings
    assert (found.rule, found.line, found.column) == ("encoding", 2, 11)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_bytes_give_a_traceback(content: bytes) -> None:
    found = examined(content, "x").findings
    assert render(found, "text", Words("fr")).count("\n") == len(found)


_SIGNS = st.sampled_from(
    [
        *" \t\n\r:-?,[]{}#&*!|>'\"%@`\\~",
        "\n  ",
        ": ",
        " #",
        "- ",
        "{{ a }}",
        "é",
        "a",
        "b c",
        "\u00a0",
        "---\n",
        "1 h",
    ]
)
yamlish = st.lists(_SIGNS, max_size=40).map("".join)


@given(yamlish)
@settings(max_examples=1000, deadline=None)
def test_no_mixture_of_signs_gives_a_traceback(text: str) -> None:
    found = examined(text.encode(), "x").findings
    for form in ("text", "json", "github"):
        assert render(found, form, Words("en")) or not found


def test_the_slower_parser_of_python_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where libyaml is missing PyYAML's own parser gives the same tree, and its errors have words."""
    import yaml

    from engine.library import yamltree

    text = "a: b\nc:\n  - d: {e: f}\n    g: |\n      h\n"
    quick = yamltree.compose(text, "x")
    monkeypatch.setattr(yamltree, "_Loader", yaml.BaseLoader)
    slow = yamltree.compose(text, "x")
    assert (slow.tree, slow.position(("c", 0, "g"))) == (quick.tree, quick.position(("c", 0, "g")))
    assert [one.rule for one in yamltree.compose("a: b: c", "x").findings] == ["colon_here"]
    assert [one.rule for one in yamltree.compose("a: {b", "x").findings] == ["flow_here"]


def test_a_finding_that_echoes_what_is_written_is_harmless() -> None:
    content = b'"a\\e[31m\\u202eb": x\n"a\\e[31m\\u202eb": y\n'
    found = examined(content, "x.yaml").findings
    assert "duplicate_key" in {one.rule for one in found}
    for form in ("text", "github"):
        told = render(found, form, Words("fr"))
        assert not set(told) & {"\x1b", "\u202e"}
