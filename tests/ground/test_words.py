"""The catalogues say the same things in every language, and everything that people read is in them."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.i18n import LANGUAGES, Plural, Words, areas, load_area

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for room in ("engine", "bots") for path in (ROOT / room).rglob("*.py"))
ACCENTED = re.compile(r"[àâäçéèêëîïôöùûüÿœæÀÂÇÉÈÊËÎÏÔÙÛÜŒÆ«»]")
SENTENCE = re.compile(r"([^\W\d_]+[ ’']){2}[^\W\d_]|^[^\W\d_a-zà-ÿ]|[«».!…]")
PATTERN = re.compile(r"\(\?|\\[a-zA-Z]|\[[a-z]-[a-z]")


def _forms(text: str | Plural) -> tuple[str, ...]:
    return (text.one, text.other) if isinstance(text, Plural) else (text,)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _all_words(lang: str) -> dict[str, str | Plural]:
    return {key: text for area in areas(lang) for key, text in load_area(lang, area).items()}


@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_every_language_holds_the_same_keys(lang: str) -> None:
    french, other = set(_all_words("fr")), set(_all_words(lang))
    assert french - other == set(), f"missing in {lang}"
    assert other - french == set(), f"only in {lang}"


@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_every_language_fills_the_same_placeholders(lang: str) -> None:
    other = _all_words(lang)
    different = {
        key
        for key, text in _all_words("fr").items()
        if key in other
        # The singular may leave its number out ("une personne"): the plural tells the whole.
        and _placeholders(_forms(text)[-1]) != _placeholders(_forms(other[key])[-1])
    }
    assert different == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_placeholders_are_plain_names(lang: str) -> None:
    """`{0}`, `{}` or `{a.b}` would tie the words to the program's insides."""
    bad = {
        key
        for key, text in _all_words(lang).items()
        for form in _forms(text)
        if any(not name.isidentifier() for name in _placeholders(form))
    }
    assert bad == set()


def _said_keys(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find the keys written out in `say("…")`, and in `CommandFailed("…")` which says them later."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        first = node.args[0]
        if (
            name in {"say", "CommandFailed"}
            and isinstance(first, ast.Constant)
            and isinstance(first.value, str)
        ):
            yield node.lineno, first.value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_key_that_the_code_says_exists(path: Path) -> None:
    words = Words("fr")
    missing = [said for said in _said_keys(ast.parse(path.read_text("utf-8"))) if not words.has(said[1])]
    assert missing == []


def _docstrings(tree: ast.AST) -> set[ast.AST]:
    """A string that stands alone is a docstring, of a module, a class, a function or a field."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _excused_lines(tree: ast.AST, lines: list[str]) -> set[int]:
    """Collect the statements that say why they are not for people, on or just above their first line."""
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt)
        and any("# not a message:" in text for text in lines[max(node.lineno - 2, 0) : node.lineno])
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_french_sentence_hides_in_the_code(path: Path) -> None:
    """An accented sentence or label belongs in the catalogue; a word or two may be what people type.

    Whatever must stay in the code for another reason says so: `# not a message: why`.
    """
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    told, excused = _docstrings(tree), _excused_lines(tree, text.splitlines())
    hidden = [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node not in told
        and node.lineno not in excused
        and ACCENTED.search(node.value)
        and SENTENCE.search(node.value)
        and not PATTERN.search(node.value)
    ]
    assert hidden == []


def test_a_missing_word_is_an_error_in_the_tests_and_a_bracket_for_people() -> None:
    with pytest.raises(KeyError, match=r"cli\.nothing"):
        Words("fr").say("cli.nothing")
    assert Words("fr", strict=False).say("cli.nothing", who="p1") == "[cli.nothing] who=p1"


def test_a_missing_fact_is_an_error_in_the_tests_and_a_visible_gap_for_people() -> None:
    with pytest.raises(KeyError, match="path"):
        Words("fr").say("cli.init.made")
    assert "{path}" in Words("fr", strict=False).say("cli.init.made")


def test_a_fact_with_braces_is_said_as_it_is() -> None:
    assert "{x}" in Words("en").say("cli.init.made", path="{x}")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        Words("de")


@pytest.mark.parametrize(
    ("lang", "count", "form"),
    [
        ("fr", 0, "one"),
        ("fr", 1, "one"),
        ("fr", 1.5, "one"),
        ("fr", 2, "other"),
        ("en", 0, "other"),
        ("en", 1, "one"),
    ],
)
def test_each_language_has_its_own_plural(lang: str, count: float, form: str) -> None:
    assert Plural("one", "other").pick(count, lang) == form
