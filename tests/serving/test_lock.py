"""One program serves a town: a second one is refused, a take-over fences the first, and death frees the lock."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bots.serving import lock
from bots.serving.lock import AlreadyServed, Hold
from engine.core import commands as c
from engine.home import Home
from engine.timers import SystemClock
from tests.acceptance.night import GROUP, Night
from tests.console.town import environment
from tests.serving.playing import played


async def again(night: Night, *words: str) -> asyncio.subprocess.Process:
    """Start another `serve` on the same town."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bots.cli", "--home", str(night.town.path), "serve", *words,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment() | night._secrets(),
    )  # fmt: skip


async def said(program: asyncio.subprocess.Process, words: str) -> None:
    assert program.stdout is not None
    while line := (await asyncio.wait_for(program.stdout.readline(), 30)).decode():
        if words in line:
            return
    raise AssertionError(words)


@played
async def test_a_second_serve_is_refused_with_who_holds_it_and_sigkill_frees_it(tmp_path: Path) -> None:
    async with Night(tmp_path) as night:
        await night.start()
        assert night.program is not None
        second = await again(night)
        _, err = await asyncio.wait_for(second.communicate(), 30)
        assert second.returncode == 2
        assert str(night.program.pid) in err.decode()
        assert "--take-over" in err.decode()
        await night.kill()  # which starts again at once: nothing is left of the lock
        assert (await night.health())["status"] in ("ok", "degraded")
        assert await night.stop() == 0


@played
async def test_after_a_take_over_the_older_one_stops_and_answers_nobody(tmp_path: Path) -> None:
    async with Night(tmp_path) as night:
        await night.start()
        older = night.program
        assert older is not None
        newer = await again(night, "--take-over")
        try:
            assert await asyncio.wait_for(older.wait(), 15) == 1
            await said(newer, "tocsin veille")
            with Home(night.town.path) as home:
                declare = c.Declare(title="Écrans", known_at=SystemClock().now(), runbook="rancongiciel")
                order = c.Order(incident="", command=declare, by="p1", at=SystemClock().now(), key="declared")
                receipt = await home.desk.submit(order)
            overview = await night.until(
                lambda: [one for one in night.telegram.shown(GROUP) if one.buttons], "an overview"
            )
            asked = await night.telegram.press(101, GROUP, overview[0].id, overview[0].labels[0])
            assert not asked.spinning
            assert receipt.incident in overview[0].text
        finally:
            newer.terminate()
            await newer.wait()
        assert newer.returncode == 0


def test_a_take_over_that_fails_leaves_the_older_one_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "HANDING_OVER", 0.05)
    with Hold(tmp_path) as older:  # it hangs: it doesn't look whether somebody takes over
        with pytest.raises(AlreadyServed) as told, Hold(tmp_path, take_over=True):
            pass
        assert told.value.owner["nonce"] == older.nonce
        assert older.still_ours, "when it wakes up it goes on: else nobody would serve"
