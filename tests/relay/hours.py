"""An event loop whose hours pass at once when nothing is left to do."""

from __future__ import annotations

import asyncio
import selectors

from engine.core.quantities import Instant

__all__ = ["Hours", "LoopClock"]


class _Leaping(selectors.DefaultSelector):
    """Instead of waiting, moves the loop's time on."""

    leapt = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if not found:
            if timeout is None:
                raise RuntimeError("nothing will ever happen any more")
            self.leapt += timeout
        return found


class Hours(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.leapt


class LoopClock:
    """The town's clock goes by the loop's time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, start: Instant) -> None:
        self._loop, self._start = loop, start

    def now(self) -> Instant:
        return self._start + round(self._loop.time() * 1000)

    async def sleep(self, until: Instant, wake: asyncio.Event) -> None:
        try:
            async with asyncio.timeout(max(until - self.now(), 0) / 1000):
                await wake.wait()
        except TimeoutError:
            pass
