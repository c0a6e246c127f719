"""Run one town's bots, timers and backups in one loop, until told to stop.

Each part is kept alive on its own: a platform that refuses us, or a bug in one door, stops neither the other door nor
the clock. What was pressed is answered before the program leaves.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from bots.answering.office import Office
from bots.relay.relay import Relay
from bots.serving.alarm import keep_alarmed
from bots.serving.doors import Door
from bots.serving.feed import Feed
from bots.serving.files import follow_files
from bots.serving.healthz import answering
from bots.serving.lock import Hold
from bots.serving.rounds import keep_in_touch
from engine.home.leftovers import sweep
from engine.home.planned import Failure, keep_backing_up
from engine.journal.errors import JournalUnavailable

__all__ = ["Served", "serve"]

log = logging.getLogger(__name__)

WATCH: Final = 1.0
"""Seconds between two looks at whether somebody has taken over."""
_PAUSES: Final = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Before a part that failed is started again."""
_LASTED: Final = 120.0
"""Seconds after which a part that fails is thought to have been well."""


@dataclass
class Served:
    """What runs, and how it is."""

    office: Office
    relay: Relay
    doors: Mapping[str, Door]
    hold: Hold
    board: str = ""
    """`host:port` of /healthz; empty: none."""
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    fallen: dict[str, str] = field(default_factory=dict)
    """Parts that are down for now, and why."""

    def health(self) -> dict[str, Any]:
        """How it is, for a monitor: no name, no word of what is going on."""
        journal = self.office.home.desk.failing or "ok"
        try:
            self.office.home.journal.changed()
        except JournalUnavailable as error:
            journal = error.code
        surfaces = {
            name: {"ok": door.health.sound, "since": door.health.since or None, "why": door.health.why}
            for name, door in self.doors.items()
        }
        down = journal != "ok" or "timers" in self.fallen
        well = not self.fallen and all(one["ok"] for one in surfaces.values())
        status = "down" if down else "ok" if well else "degraded"
        return {
            "status": status,
            "journal": journal,
            "surfaces": surfaces,
            "converged": self.relay.converged() and all(door.settled for door in self.doors.values()),
            "relay": self.relay.health(),
            "fallen": sorted(self.fallen),
        }


async def serve(served: Served, started: Callable[[int], None]) -> bool:
    """Run all of it until stopped. False if somebody has taken over. `started` hears the port of /healthz (0: none)."""
    office = served.office
    if count := sweep(office.home.path, office.now()):
        log.info("%d files that a program left half done were removed", count)
    parts: dict[str, Callable[[], Awaitable[None]]] = {
        "timers": partial(office.timers.run, office.clock),
        "relay": served.relay.run,
        "alarm": partial(keep_alarmed, office.home, office.clock),
        "rounds": partial(keep_in_touch, office, served.relay),
        "files": partial(follow_files, office.home, office.words, served.relay.refresh),
        "backups": partial(
            keep_backing_up, office.home.path, office.home.config.backup, partial(_warn, office)
        ),
        **{name: door.run for name, door in served.doors.items()},
    }
    async with AsyncExitStack() as stack:
        port = (
            await stack.enter_async_context(answering(served.board, served.health, Feed(office)))
            if served.board
            else 0
        )
        _stop_on_signals(served.stop)
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(_kept_alive(served, name, run)) for name, run in parts.items()]
            started(port)
            await _until_stopped(served)
            await office.home.desk.drain()
            await _ended(running)
    return served.hold.still_ours


async def _kept_alive(served: Served, name: str, run: Callable[[], Awaitable[None]]) -> None:
    loop, failures = asyncio.get_running_loop(), 0
    while True:
        since = loop.time()
        try:
            await run()
            return  # a town without a plan for its backups has nothing to keep
        except Exception as error:
            log.exception("%s has failed", name)
            served.fallen[name] = type(error).__name__
        failures = 0 if loop.time() - since > _LASTED else failures + 1
        await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
        served.fallen.pop(name, None)


def _warn(office: Office, failure: Failure) -> None:
    log.error("%s", failure.warn(office.words))


async def _until_stopped(served: Served) -> None:
    while not served.stop.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(WATCH):
                await served.stop.wait()
        if not served.hold.still_ours:
            log.warning("another program has taken over: this one stops")
            return


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel until they are done: a cancellation may be lost to the event that a part waited for."""
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=WATCH)


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
