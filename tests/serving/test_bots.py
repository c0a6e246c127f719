"""Which bots the tokens open, and what is lacking: one answer for `serve`, `setup` and `doctor`."""

from __future__ import annotations

import pytest

from bots.serving.settings import Bots

BOT, APP, SIGNING = "TOCSIN_SLACK_BOT_TOKEN", "TOCSIN_SLACK_APP_TOKEN", "TOCSIN_SLACK_SIGNING_SECRET"
LISTEN, ANOTHER = "TOCSIN_SLACK_LISTEN", "TOCSIN_SLACK_API_URL"


@pytest.mark.parametrize(
    ("given", "opens", "lacks"),
    [
        ((), False, ""),
        ((ANOTHER,), False, ""),  # an address alone is no half of anything
        ((BOT,), False, APP),
        ((APP,), False, BOT),
        ((SIGNING, LISTEN), False, BOT),
        ((BOT, SIGNING), False, LISTEN),
        ((BOT, APP), True, ""),
        ((BOT, SIGNING, LISTEN), True, ""),
    ],
)
def test_half_of_slack_is_named(given: tuple[str, ...], opens: bool, lacks: str) -> None:
    bots = Bots.of({name: "127.0.0.1:3000" if name == LISTEN else "x" for name in given})
    assert (bots.slack is not None, bots.lacks) == (opens, lacks)
    assert bots.telegram is None
