"""A town with one hole is told that hole, and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from engine.continuity.coverage import Coverage
from engine.continuity.dependencies import Node
from engine.continuity.holes import HOLES, Status
from engine.continuity.status import status_of
from engine.continuity.town import Town
from engine.core.directory import Person, Post
from tests.continuity.whole import DIRECTORY, PROCEDURE, REGISTER, played, told, town


def holes(of: Town) -> dict[str, int]:
    return {name: count for name, count in status_of(of).holes.items() if count}


def status(of: Town) -> Status:
    return status_of(of)


def test_a_whole_town_lacks_nothing() -> None:
    assert holes(town()) == {}


def _role(post: Post) -> Town:
    return town(directory=msgspec.structs.replace(DIRECTORY, roles={**DIRECTORY.roles, "dsi": post}))


ONE_HOLE: dict[str, Town] = {
    "undecided": told(("    rto: 5 j\n", "")),
    "activities_without_owner": told(("standard: {owner: dgs, ", "standard: {")),
    "procedures_not_reviewed": town(procedure=PROCEDURE.replace("2026-01-15", "2025-01-15")),
    "late_procedures": town(procedure=PROCEDURE.replace("target: 1 h", "target: 3 h")),
    "procedures_never_exercised": told(("    last: {on: 2026-05-12, kind: exercice}\n", "")),
    "procedures_exercised_long_ago": told(("2026-05-12", "2025-05-12")),
    "measures_overdue": told(("due: 2026-11-24", "due: 2026-11-23")),
    "practices_without_measure": told(("axis: supervision", "axis: contrats")),
    "shared_without_fallback": told((", fallback: Mobiles", "")),
    "suppliers_without_contact": told(("contact: 01 99 00 00 02, ", "")),
    "roles_without_holder": _role(Post()),
    "roles_without_deputy": _role(Post(holder="p2")),
    "people_unreachable": town(accounts=frozenset({"p1"})),
    "plan_not_adopted": told(("  adopted: 2026-01-15\n", "")),
    "plan_not_reviewed": told(("  reviewed: 2026-01-15\n", "  reviewed: 2025-01-15\n")),
    "register_of_the_example": told(("pca:\n", "pca:\n  example: oui\n")),
    "register_missing": town(written=False),
    "risks_without_measure": told(
        ("measures:\n", "  vol: {title: Vol, likelihood: 1, impact: 1}\nmeasures:\n")
    ),
    "threats_without_procedure": told(("    risks: [panne]\n", "    risks: []\n")),
    "activities_without_procedure": told(
        ("applications:\n", "  musee: {title: Musée, owner: dgs}\napplications:\n")
    ),
    "circle": told(("{title: Opérateur,", "{title: Opérateur, needs: {applications: [reseau]},")),
}


@pytest.mark.parametrize("hole", ONE_HOLE)
def test_one_thing_missing_is_one_hole(hole: str) -> None:
    assert set(holes(ONE_HOLE[hole])) == {hole}


def test_a_procedure_placed_nowhere_is_told_with_what_it_leaves_bare() -> None:
    bare = town(REGISTER[: REGISTER.index("procedures:")], journal=played("2026-05-12"))
    assert set(holes(bare)) == {
        "procedures_unplaced", "activities_without_procedure", "threats_without_procedure",
    }  # fmt: skip


def test_an_empty_local_number_is_told() -> None:
    whole = town()
    empty = whole.contacts["prefecture"].model_copy(update={"channel": ""})
    (found,) = status(replace(whole, contacts={"prefecture": empty})).local_numbers_missing
    assert found.title == "Préfecture"


def test_every_hole_is_tried() -> None:
    assert set(HOLES) == {*ONE_HOLE, "procedures_unplaced", "local_numbers_missing"}


def test_the_main_courante_counts_over_an_older_line_written_by_hand() -> None:
    old = REGISTER.replace("2026-05-12", "2025-05-12")
    assert "procedures_exercised_long_ago" in holes(town(old))
    assert holes(town(old, journal=played("2026-10-01"))) == {}


def test_an_exercise_dated_in_the_future_counts_for_nothing() -> None:
    assert set(holes(told(("2026-05-12", "2062-05-12")))) == {"procedures_exercised_long_ago"}


def test_a_measure_that_is_done_or_given_up_is_never_late() -> None:
    for state in ("faite", "abandonnee"):
        text = f"axis: formation, state: {state}, owner: dgs, due: 2026-01-01"
        lacking = holes(told(("axis: formation, owner: dgs, due: 2026-11-24", text)))
        # Given up, it is no measure any more.
        assert set(lacking) == ({"practices_without_measure"} if state == "abandonnee" else set())


def test_a_risk_reaches_what_stands_on_what_it_takes_away() -> None:
    shared = status(told((", fallback: Mobiles", ""))).shared_without_fallback
    assert [(one.name, one.activities) for one in shared] == [("operateur", ("paie", "standard", "socle_si"))]


def test_an_activity_that_is_only_proposed_is_threatened_too() -> None:
    proposed = "  standard: {owner: dgs, dmia: 4 h, rto: 2 h, needs: {applications: [reseau]}}\n"
    edited = REGISTER.replace(proposed, "", 1).replace("activities: [socle_si]", "activities: [standard]", 1)
    one = town(edited.replace("hits: {applications: [reseau]}", "hits: {activities: [standard]}", 1))
    assert [cell.activity for cell in Coverage(one).cells()] == ["paie", "standard"]


def test_an_excluded_activity_counts_nowhere() -> None:
    one = told(
        ("  standard: {owner: dgs, dmia: 4 h, rto: 2 h, needs: {applications: [reseau]}}",
         "  standard: {excluded: Renvoyé sur un mobile}")
    )  # fmt: skip
    assert holes(one) == {}
    assert "standard" not in one.activities
    assert {cell.activity for cell in Coverage(one).cells()} == {"paie", "socle_si"}


def test_everything_starts_again_after_what_it_stands_on() -> None:
    order = [[step.name for step in wave] for wave in status(town()).restart_order]
    # The place of a supplier is not started; in a wave, the shortest RTO comes first.
    assert order == [["reseau"], ["standard", "socle_si"], ["paie"]]


def test_nothing_can_start_first_in_a_circle() -> None:
    circle = status(ONE_HOLE["circle"])
    assert circle.restart_order == ()
    assert {one.name for one in circle.circle} == {"reseau", "operateur"}


def test_people_who_left_are_not_looked_for() -> None:
    guest = Person(id="p9", name="Invité", until="2026-11-20")
    directory = msgspec.structs.replace(DIRECTORY, people={**DIRECTORY.people, "p9": guest})
    assert holes(town(directory=directory.on("2026-11-24"))) == {}


def test_the_dependencies_of_a_role_fall_too() -> None:
    assert town().dependencies.falls_with(Node("roles", "dsi")) == ("paie",)


def test_a_month_keeps_its_day() -> None:
    whole = town()
    assert whole.is_fresh(date(2025, 11, 24))
    assert not whole.is_fresh(date(2025, 11, 23))
