"""Whatever a town writes in an overlay, there is a procedure, and what is wrong has a place in a file."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.runbook import Runbook
from engine.i18n import Words
from engine.library.catalogue import Library
from engine.library.finding import render
from engine.library.lint import Surroundings
from engine.library.overlays.applying import adapted, brought, overlaid
from engine.library.yamltree import Document, compose

NAMES = ("je-ne-sais-pas-encore", "rancongiciel", "restauration-donnees", "violation-donnees")


@cache
def _library() -> Library:
    return Library.load()


def _base(name: str) -> tuple[Document, Runbook]:
    document, runbook = _library().read(_library().files[name][0])
    assert runbook is not None
    return document, runbook


def _written(name: str, changes: dict[str, Any]) -> Document:
    head = {"format": "1", "overlay": name, "of": "1"}
    text = yaml.safe_dump({**head, **changes}, allow_unicode=True, sort_keys=False)
    document = compose(text, "adaptation.yaml")
    assert document.findings == []
    return document


# Words that a town writes, as they are: no sign that YAML would read otherwise, no invisible letter.
_SENTENCE = st.text("abcdefghijklmnopqrstuvwxyz éàç'", min_size=1, max_size=40).map(
    lambda text: f"Faire {text.strip()}"
)
_NAME = st.text("bcdfghjkl", min_size=3, max_size=8).map("le_{}".format)


def _step(draw: st.DrawFn, where: str, place: Any, roles: list[str]) -> dict[str, Any]:
    return {
        where: place,
        "title": draw(_SENTENCE),
        "role": draw(st.sampled_from(roles)),
        "target": draw(st.sampled_from(["15 min", "2 h", "T0 + 1 h"])),
        # What led to a false alarm asked for a reason; what leads there now does.
        "outcomes": {"passe": {"label": "C'est passé", "next": "suite", "reason": "required"}},
    }


@st.composite
def sound(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """What a careful town writes: every name is the library's, every addition is new and has its place."""
    name = draw(st.sampled_from(NAMES))
    _, runbook = _base(name)
    steps, new = {}, {}
    for track in runbook.tracks.values():
        for step_id, step in track.steps.items():
            if step.end is not None or not draw(st.booleans()):
                continue
            change: dict[str, Any] = {"title": draw(_SENTENCE)}
            if draw(st.booleans()):
                change["details"] = {"add": draw(_SENTENCE)}
            free = [one.do for one in step.checklist if not one.clock_start and not one.clock_stop]
            if free and draw(st.booleans()):
                change["checklist"] = {
                    "add": [{"after": draw(st.sampled_from(free)), "do": draw(_SENTENCE)}],
                    "remove": [draw(st.sampled_from(free))] if draw(st.booleans()) else [],
                }
            steps[step_id] = change
            ways = [key for key, one in step.outcomes.items() if one.next and one.next != step_id]
            if ways and draw(st.booleans()):
                place = f"{step_id}.{draw(st.sampled_from(ways))}"
                new[draw(_NAME)] = _step(draw, "after", place, list(runbook.roles))
    changes: dict[str, Any] = {"never": {"add": draw(st.lists(_SENTENCE, max_size=2))}}
    if messages := list(runbook.messages):
        changes["messages"] = {draw(st.sampled_from(messages)): {"text": draw(_SENTENCE)}}
    if steps or new:
        changes["steps"] = steps | ({"add": new} if new else {})
    return name, changes


@given(sound())
@settings(max_examples=25, deadline=None)
def test_a_sound_overlay_gives_a_procedure_that_holds(drawn: tuple[str, dict[str, Any]]) -> None:
    name, changes = drawn
    base, runbook = _base(name)
    written = _written(name, changes)
    merged = overlaid(written, base)
    # An item that goes last may be removed and be the anchor of another: that, and nothing else, is refused.
    if [one.rule for one in merged.findings if one.severity == "error" and one.rule != "item_gone"]:
        raise AssertionError(render(merged.findings, "text", Words("fr")))
    assert merged.runbook is not None
    around = Surroundings(facts=_library().facts)
    errors = [one for one in brought(merged, base, runbook, around) if one.severity == "error"]
    assert errors == []


def _keys(document: Document) -> list[str]:
    """Every key and every short text of a procedure: what an overlay may name, or name wrongly."""
    found, todo = dict[str, None](), [document.tree]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            found |= dict.fromkeys(one)
            todo += one.values()
        elif isinstance(one, list):
            todo += one
        elif len(one) < 40:
            found[one] = None
    return list(found)


@st.composite
def anything(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """What a careless one writes: the words of overlays and of the procedure, in any order."""
    name = draw(st.sampled_from(NAMES))
    document, _ = _base(name)
    words = [
        "add",
        "remove",
        "after",
        "before",
        "suite",
        "steps",
        "tracks",
        "outcomes",
        "checklist",
        "next",
        "do",
    ]
    word = st.sampled_from(words) | st.sampled_from(_keys(document)) | _NAME
    leaf = word | _SENTENCE | st.just("")
    tree = st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(word, inner, max_size=4),
        max_leaves=25,
    )
    steps = [step for track in document.tree["tracks"].values() for step in track["steps"]]
    changes: dict[str, Any] = draw(st.dictionaries(word, tree, max_size=3))
    changes["steps"] = draw(
        tree
        | st.dictionaries(st.sampled_from(steps), st.dictionaries(word, tree, max_size=4), max_size=3)
        | st.fixed_dictionaries(
            {"add": st.dictionaries(_NAME, st.dictionaries(word, tree, max_size=5), max_size=2)}
        )
    )
    for key in ("format", "overlay", "of"):
        changes.pop(key, None)
    return name, changes


@given(anything())
@settings(max_examples=150, deadline=None)
def test_any_overlay_leaves_a_procedure_and_tells_where(drawn: tuple[str, dict[str, Any]]) -> None:
    name, changes = drawn
    base, runbook = _base(name)
    before = deepcopy(base.tree)
    written = _written(name, changes)
    merged = overlaid(written, base)
    lines = {written.path: written.text.count("\n") + 1, base.path: base.text.count("\n") + 1}
    assert all(1 <= one.line <= lines[one.path] for one in merged.findings)
    procedure, problems = adapted(written, base, runbook, _library().facts)
    assert isinstance(procedure, Runbook)
    assert {Path(one.path).name for one in problems} <= {"adaptation.yaml"}
    assert procedure == runbook or not problems
    for lang in ("fr", "en"):
        assert render([*merged.findings, *problems], "text", Words(lang)).count("\n") >= len(problems)
    assert base.tree == before
