"""The exploration of joint states, held against a plain simulation that follows `engine.core.flow` step by step."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core import flow
from engine.core.quantities import HOUR, Duration
from engine.core.runbook import ChildRuns, Definition, Runbook
from engine.library.paths import prove
from engine.library.paths.duties import duties_of

FINISH = {"next": "fin", "resumes": "paie"}
Tracks = Mapping[str, Mapping[str, Any]]


def runbook(tracks: Tracks, **head: Any) -> Runbook:
    """Tracks in short: a step maps outcomes to a step name or to the keys of an outcome; an end is its kind."""
    written = {}
    for name, track in tracks.items():
        steps = dict(track)
        keys = {key: steps.pop(key) for key in ("opens_on", "each_time", "lost_if") if key in steps}
        written[name] = {"title": name, **keys, "steps": {one: _step(value) for one, value in steps.items()}}
    whole = {"format": "1", "runbook": "essai", "title": "Essai", "version": "1", "tracks": written, **head}
    return Runbook.model_validate(whole)


def _step(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        kind, _, result = value.partition("/")
        return {"title": kind, "end": kind} | ({"result": result} if result else {})
    given = dict(value)
    keys = {k: given.pop(k) for k in ("target", "wake", "wait_for", "checklist") if k in given}
    outcomes = {
        one: {"label": one} | (dict(to) if isinstance(to, dict) else {"next": to} if to else {})
        for one, to in given.items()
    }
    return {"title": "étape", **keys, "outcomes": outcomes}


# -- the plain simulation --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Joint:
    """Everything, unreduced: positions, every outcome ever picked that opens something, children still open."""

    positions: tuple[tuple[str, str | None], ...]
    picked: frozenset[str]
    children: frozenset[str]
    ended: str = ""


@dataclass
class Seen:
    joints: set[Joint] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    results: set[str | None] = field(default_factory=set)
    lost: set[tuple[str, str]] = field(default_factory=set)
    early: set[tuple[str, str]] = field(default_factory=set)
    cut: set[tuple[str, str]] = field(default_factory=set)
    graph: dict[Joint, list[tuple[Joint, str]]] = field(default_factory=dict)


def simulate(book: Runbook) -> Seen:
    definition, seen = Definition(runbook=book), Seen()
    firsts = flow.first_tracks(definition)
    start = Joint(
        tuple((name, track.first if name in firsts else None) for name, track in book.tracks.items()),
        frozenset(),
        frozenset(),
    )
    todo, seen.joints = [start], {start}
    for joint in todo:
        seen.graph[joint] = list(_next(definition, joint, seen))
        for after, _ in seen.graph[joint]:
            if after not in seen.joints:
                seen.joints.add(after)
                todo.append(after)
    return seen


def _next(definition: Definition, joint: Joint, seen: Seen) -> Iterator[tuple[Joint, str]]:
    if joint.ended:
        return
    positions = dict(joint.positions)
    forced = flow.next_join(definition, positions, joint.children)
    if forced is not None:
        _note_early(definition, joint, *forced, seen)
        yield from _pick(definition, joint, *forced, seen)
        return
    if flow.over(definition, positions, joint.picked):
        ends = [definition.step(t, s).end for t, s in positions.items() if s is not None]
        seen.kinds.add(flow.end_kind(one for one in ends if one))
        seen.results.add(flow.run_result(definition, positions))
        yield Joint((), frozenset(), frozenset(), "over"), ""
        return
    for track, step in positions.items():
        if step is not None:
            for name, outcome in definition.step(track, step).outcomes.items():
                if outcome.once is None:
                    yield from _pick(definition, joint, track, name, seen)
    for child in joint.children:
        yield Joint(joint.positions, joint.picked, joint.children - {child}), ""


def _pick(
    definition: Definition, joint: Joint, track: str, name: str, seen: Seen
) -> Iterator[tuple[Joint, str]]:
    positions = dict(joint.positions)
    step = positions[track]
    assert step is not None
    ref, outcome = f"{track}.{step}.{name}", definition.step(track, step).outcomes[name]
    if outcome.hand_over:
        seen.kinds.add("transferred")
        working = {t for t, s in positions.items() if s and definition.step(t, s).end is None}
        seen.cut |= {(ref, other) for other in working - {track}}
        yield Joint((), frozenset(), frozenset(), "transferred"), ref
        return
    before = flow.not_needed(definition, positions, joint.picked)
    to = flow.move(definition, track, step, name)
    if to is not None and definition.step(track, to).end == "false_alarm":
        if flow.false_alarm_offered(definition, positions):
            seen.kinds.add("false_alarm")
            yield Joint((), frozenset(), frozenset(), "false_alarm"), ref
        return
    positions[track] = to or step
    openers = {one for other in definition.runbook.tracks.values() for one in other.openers}
    for opened in flow.opening(definition, positions, joint.picked, ref):
        positions[opened] = definition.runbook.tracks[opened].first
    picked = joint.picked | ({ref} & openers)
    joined = {
        one.once.runs
        for t in definition.runbook.tracks.values()
        for s in t.steps.values()
        for one in s.outcomes.values()
        if isinstance(one.once, ChildRuns)
    }
    children = joint.children | ({one.runbook for one in outcome.open} & joined)
    gone = flow.not_needed(definition, positions, picked) - before
    inside = {f"{one}." for one in gone}
    for one in gone:
        if any(f"{r.partition('.')[0]}." not in inside for r in definition.runbook.tracks[one].openers):
            seen.lost.add((one, ref))
    yield Joint(tuple(positions.items()), frozenset(picked), frozenset(children)), ref


def _note_early(definition: Definition, joint: Joint, track: str, name: str, seen: Seen) -> None:
    positions = dict(joint.positions)
    step = positions[track]
    assert step is not None
    once = definition.step(track, step).outcomes[name].once
    if isinstance(once, tuple):
        useless = flow.not_needed(definition, positions, joint.picked)
        for other in once:
            if positions[other] is None and other not in useless:
                seen.early.add((f"{track}.{step}.{name}", other))


def _can_all_end(seen: Seen) -> bool:
    before: dict[Joint, list[Joint]] = {}
    for joint, moves in seen.graph.items():
        for after, _ in moves:
            before.setdefault(after, []).append(joint)
    todo = [joint for joint in seen.joints if joint.ended]
    good = set(todo)
    for joint in todo:
        for one in before.get(joint, ()):
            if one not in good:
                good.add(one)
                todo.append(one)
    return good >= seen.joints


def _skipped(book: Runbook, seen: Seen) -> set[str]:
    duties, found = duties_of(book), set()
    start = next(iter(seen.graph))
    for n, clock in enumerate(duties.clocks):
        bit = 1 << n
        todo = [start] if duties.from_the_start & bit else []
        if not todo:
            todo = [
                after
                for moves in seen.graph.values()
                for after, ref in moves
                if (m := duties.marks.get(ref)) and m.starts & bit & ~m.settles
            ]
        reached = set(todo)
        for joint in todo:
            if joint.ended == "over":
                found.add(clock)
            for after, ref in seen.graph[joint]:
                mark = duties.marks.get(ref)
                if not (mark and mark.settles & bit) and after not in reached:
                    reached.add(after)
                    todo.append(after)
    return found


# -- small runbooks, of any shape ------------------------------------------------------------------------------


def small_runbook(seed: int) -> Runbook:
    """Two to four tracks of two to four steps, mostly forward, with every kind of outcome now and then."""
    dice = Random(seed)
    names = [f"v{n}" for n in range(dice.randint(2, 4))]
    tracks: dict[str, dict[str, Any]] = {}
    for name in names:
        own = [f"{name}s{n}" for n in range(dice.randint(1, 4 if len(names) < 4 else 2))]
        ends = [f"{name}fin", f"{name}bis"]
        tracks[name] = {
            step: {f"o{k}": _outcome(dice, n, [*own, *ends], names) for k in range(dice.randint(1, 3))}
            for n, step in enumerate(own)
        }
        tracks[name][ends[0]] = dice.choice(["closed", "retex/bien", "closed/mal"])
        joins = any(
            one.get("once") and one.get("next") == ends[1] for s in own for one in tracks[name][s].values()
        )
        # A false alarm that nobody decides is an error by itself.
        kinds = (
            ["closed", "transferred/ailleurs"] if joins else ["closed", "false_alarm", "transferred/ailleurs"]
        )
        tracks[name][ends[1]] = dice.choice(kinds)
    refs = [
        f"{name}.{step}.{outcome}"
        for name, steps in tracks.items()
        for step, outcomes in steps.items()
        if isinstance(outcomes, dict)
        for outcome in outcomes
    ]
    for name in names[1:]:
        openers = dice.sample(refs, min(dice.randint(1, 2), len(refs)))
        keys: dict[str, Any] = {"opens_on": openers}
        if dice.random() < 0.5:
            keys = {"opens_on": {"any": openers}, "each_time": dice.choice(["oui", "non"])}
        tracks[name] = {**keys, "lost_if": dice.sample(refs, dice.randint(0, 1)), **tracks[name]}
    return runbook(tracks, clocks=[{"use": "H1"}])


def _outcome(dice: Random, at: int, steps: list[str], names: list[str]) -> dict[str, Any]:
    to = dice.choice(steps) if dice.random() < 0.2 else dice.choice(steps[at + 1 :])
    rare: list[dict[str, Any]] = [
        {},
        {"hand_over": "autre"},
        {"next": to, "clock_stop": dice.choice([["H1"], ["H2"]])},
        {"next": to, "clock_start": ["H2"]},
        {"next": to, "open": ["visite"]},
        {"next": to, "once": {"runs": "visite"}},
        {"next": to, "once": dice.sample(names, dice.randint(1, 2))},
    ]
    return dice.choice(rare) if dice.random() < 0.35 else {"next": to}


@settings(max_examples=int(os.environ.get("TOCSIN_PROOF", "0")) * 50_000 or 1_500, deadline=None)
@given(st.integers(0, 2**32))
def test_the_exploration_agrees_with_a_plain_simulation(seed: int) -> None:
    book = small_runbook(seed)
    proof, seen = prove(book), simulate(book)
    spared = {(name, ref) for name, track in book.tracks.items() for ref in track.lost_if}
    assert proof.complete
    assert set(proof.lost) == seen.lost - spared
    assert set(proof.early_joins) == seen.early
    assert set(proof.cut) == {(ref, name) for ref, name in seen.cut if (name, ref) not in spared}
    assert (proof.trap is None) == _can_all_end(seen)
    assert proof.kinds == seen.kinds
    assert proof.results == seen.results
    assert set(proof.skipped) == _skipped(book, seen)
    assert proof.states <= len(seen.joints)


# -- what each answer means ------------------------------------------------------------------------------------


def test_a_lost_track_is_named_with_the_outcome_that_loses_it() -> None:
    tracks: dict[str, Any] = {
        "a": {"voir": {"oui": "agir", "non": "agir"}, "agir": {"fait": "fin"}, "fin": "closed"},
        "b": {"opens_on": ["a.voir.oui"], "b1": {"fait": "b2"}, "b2": "closed"},
    }
    assert prove(runbook(tracks)).lost == (("b", "a.voir.non"),)
    tracks["b"]["lost_if"] = ["a.voir.non"]
    assert prove(runbook(tracks)).lost == ()


def test_a_track_that_only_a_lost_one_opens_is_not_named_again() -> None:
    book = runbook(
        {
            "a": {"voir": {"oui": "fin", "non": "fin"}, "fin": "closed"},
            "b": {"opens_on": ["a.voir.oui"], "b1": {"fait": "b2"}, "b2": "closed"},
            "c": {"opens_on": ["b.b1.fait"], "c1": {"fait": "c2"}, "c2": "closed"},
        }
    )
    assert prove(book).lost == (("b", "a.voir.non"),)


def test_a_false_alarm_and_a_hand_over_lose_nothing() -> None:
    book = runbook(
        {
            "a": {
                "voir": {"oui": "fin", "non": "faux", "autre": {"hand_over": "x"}},
                "fin": "closed",
                "faux": "false_alarm",
            },
            "b": {"opens_on": ["a.voir.oui"], "b1": {"fait": "b2"}, "b2": "closed"},
        }
    )
    proof = prove(book)
    assert proof.lost == ()
    assert proof.kinds == {"closed", "false_alarm", "transferred"}


def test_tracks_that_wait_for_each_other_never_end() -> None:
    book = runbook(
        {
            "a": {"a1": {"suite": {"next": "a2", "once": ["b"]}}, "a2": "closed"},
            "b": {"b1": {"suite": {"next": "b2", "once": ["a"]}}, "b2": "closed"},
        }
    )
    assert prove(book).trap == {"a": "a1", "b": "b1"}


def test_parallel_tracks_that_nothing_depends_on_stay_provable() -> None:
    def track(n: int) -> dict[str, Any]:
        steps: dict[str, Any] = {f"s{n}{k}": {"fait": f"s{n}{k + 1}", "encore": f"s{n}0"} for k in range(12)}
        return {**steps, f"s{n}12": "closed"}

    book = runbook({"a": {"voir": {"fait": "fin"}, "fin": "retex"}} | {f"t{n}": track(n) for n in range(12)})
    proof = prove(book)
    assert proof.complete
    assert proof.states < 10, "thirteen to the power of twelve, told apart by nobody"
    assert proof.kinds == {"retex"}


def test_beyond_the_limit_what_was_found_is_kept_and_nothing_else_is_claimed() -> None:
    book = runbook(
        {
            "a": {"voir": {"oui": "a2", "non": "a2"}, "a2": {"suite": "a3"}, "a3": "closed"},
            "b": {"opens_on": ["a.voir.oui"], "b1": {"fait": "b2"}, "b2": "closed"},
        }
    )
    proof = prove(book, most=3)
    assert not proof.complete
    assert proof.lost == (("b", "a.voir.non"),)
    assert proof.trap is None
    assert proof.skipped == {}


def test_a_condition_that_excludes_a_clock_settles_it() -> None:
    def book(when: dict[str, str]) -> Runbook:
        tracks = {
            "a": {
                "voir": {
                    "notifie": {"next": "fin", "clock_stop": "H1"},
                    "rien": {"next": "fin", "when": when},
                },
                "fin": "closed",
            }
        }
        return runbook(tracks, clocks=[{"use": "H1", "unless": {"donnees": "non"}}])

    assert prove(book({"donnees": "non"})).skipped == {}
    assert set(prove(book({"donnees": "oui"})).skipped) == {"H1"}


@pytest.mark.parametrize(
    ("steps", "hours"),
    [
        ({"s1": {"target": "1 h", "ok": "s2"}, "s2": {"target": "2 h", "ok": FINISH}}, 3),
        ({"s1": {"target": "T0 + 5 h", "ok": "s2"}, "s2": {"target": "2 h", "ok": FINISH}}, 7),
        ({"s1": {"target": "1 h", "ok": "s2"}, "s2": {"target": "T0 + 30 min", "ok": FINISH}}, 1),
        ({"s1": {"target": "1 h", "ok": "s2"}, "s2": {"target": "2 h", "retour": "s1", "ok": FINISH}}, 3),
        ({"s1": {"target": "1 h", "ok": {**FINISH, "auto_after": "9 h"}}}, 9),
        ({"s1": {"wake": "T0 + 8 h", "target": "1 h", "ok": FINISH}}, 9),
        ({"s1": {"target": "rto", "ok": FINISH}}, 4),
        ({"s1": {"target": "1 h", "wait_for": "autre", "ok": FINISH, "abandoned": "fin"}}, 6),
        ({"s1": {"target": [{"when": {"x": "a"}, "is": "1 h"}, {"is": "3 h"}], "ok": FINISH}}, 3),
    ],
)
def test_the_longest_time_to_what_resumes_an_activity(steps: dict[str, Any], hours: int) -> None:
    book = runbook({"a": {**steps, "fin": "closed"}}, activities=["paie"])
    other = runbook({"a": {"o1": {"target": "6 h", "ok": "ofin"}, "ofin": "closed/ok"}}, runbook="autre")
    found = prove(book, rto={"paie": Duration(ms=4 * HOUR)}, runbooks={"autre": other}).longest
    assert [(one.activity, one.ms, one.unmeasured) for one in found] == [("paie", hours * HOUR, 0)]
    assert found[0].late is (hours > 4)


def test_a_track_begins_when_it_is_opened_and_a_join_waits_for_the_last() -> None:
    book = runbook(
        {
            "a": {
                "a1": {"target": "1 h", "ok": "a2"},
                "a2": {"joint": {**FINISH, "once": ["b"]}},
                "fin": "closed",
            },
            "b": {"opens_on": ["a.a1.ok"], "b1": {"target": "5 h", "ok": "b2"}, "b2": "closed"},
        }
    )
    assert [one.ms for one in prove(book).longest] == [6 * HOUR]


def test_a_step_without_target_counts_for_nothing_and_is_counted() -> None:
    book = runbook({"a": {"a1": {"ok": "a2"}, "a2": {"target": "2 h", "ok": FINISH}, "fin": "closed"}})
    assert [(one.ms, one.unmeasured) for one in prove(book).longest] == [(2 * HOUR, 1)]
