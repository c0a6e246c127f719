"""The platforms' limits, in time that is an argument."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bots.chat.values import Place
from bots.relay.budget import SLACK, TELEGRAM, Budget

GROUP = Place(surface="telegram", chat="-1")
OTHER = Place(surface="telegram", chat="-2")
PRIVATE = Place(surface="telegram", chat="7", person="p1")
CHANNEL = Place(surface="slack", chat="C1")


def passes(budget: Budget, act: str, place: Place, times: int, *, urgent: bool = True) -> list[float]:
    """When so many acts go out, each as soon as it may."""
    now, moments = 0.0, []
    for _ in range(times):
        now = max(now, budget.free_at(act, place, urgent))
        budget.spend(act, place, now)
        moments.append(now)
    return moments


def busiest(moments: list[float], seconds: float) -> int:
    return max(sum(1 for one in moments if start <= one < start + seconds) for start in moments)


def test_slack_updates_of_a_workspace_stay_below_fifty_a_minute() -> None:
    budget = Budget(SLACK)
    places = itertools.cycle([CHANNEL, Place(surface="slack", chat="C2"), Place(surface="slack", chat="D1")])
    moments = [passes_one(budget, "edit", place) for place, _ in zip(places, range(200), strict=False)]
    assert 45 <= busiest(moments, 60) < 50


def passes_one(budget: Budget, act: str, place: Place) -> float:
    now = budget.free_at(act, place, urgent=True)
    budget.spend(act, place, now)
    return now


def test_what_can_wait_leaves_updates_to_what_cannot() -> None:
    budget = Budget(SLACK)
    assert passes(budget, "edit", CHANNEL, 30, urgent=False)[-1] == 0
    assert budget.free_at("edit", CHANNEL, urgent=False) == 60
    assert budget.free_at("edit", CHANNEL, urgent=True) == 0


def test_slack_posts_once_a_second_in_a_channel() -> None:
    moments = passes(Budget(SLACK), "post", CHANNEL, 30)
    assert all(later - before >= 1 for before, later in itertools.pairwise(moments))


def test_telegram_group_takes_twenty_a_minute_edits_counted_three_seconds_apart() -> None:
    budget = Budget(TELEGRAM)
    edits = passes(budget, "edit", GROUP, 60)
    assert busiest(edits, 60) < 20
    assert all(later - before >= 3 for before, later in itertools.pairwise(edits))


def test_a_group_full_of_edits_of_the_overview_still_takes_a_notice() -> None:
    budget = Budget(TELEGRAM)
    for _ in range(14):
        now = budget.free_at("edit", GROUP, urgent=False)
        budget.spend("edit", GROUP, now)
    assert budget.free_at("edit", GROUP, urgent=False) >= 60
    assert budget.free_at("post", GROUP, urgent=True) <= now + 1.05


def test_telegram_bot_stays_below_thirty_a_second_over_many_private_chats() -> None:
    budget = Budget(TELEGRAM)
    moments = [
        passes_one(budget, "edit", Place(surface="telegram", chat=str(chat), person=f"p{chat}"))
        for chat in range(300)
    ]
    assert busiest(moments, 1) < 30
    assert max(moments) < 12


def test_retry_after_holds_its_scope_and_no_other() -> None:
    budget = Budget(TELEGRAM)
    budget.rest(40, "place", "edit", GROUP)
    assert budget.free_at("post", GROUP) == 40
    assert budget.free_at("post", OTHER) == 0
    budget.rest(50, "method", "edit", GROUP)
    assert budget.free_at("edit", OTHER) == 50
    assert budget.free_at("post", OTHER) == 0
    budget.rest(60, "all", "edit", GROUP)
    assert budget.free_at("post", PRIVATE) == 60
    budget.rest(55, "all", "edit", GROUP)
    assert budget.free_at("post", PRIVATE) == 60


@given(st.lists(st.tuples(st.sampled_from(["post", "edit", "blank", "pin"]), st.booleans(), st.floats(0, 8))))
def test_no_minute_of_a_telegram_group_ever_holds_more_than_twenty(
    acts: list[tuple[str, bool, float]],
) -> None:
    budget, now, moments = Budget(TELEGRAM), 0.0, []
    for act, urgent, pause in acts:
        now = max(now + pause, budget.free_at(act, GROUP, urgent))
        budget.spend(act, GROUP, now)
        moments.append(now)
    assert not moments or busiest(moments, 60) < 20
