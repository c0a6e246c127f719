"""The steps of `tocsin setup`, in order, while the doors are open as `serve` opens them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bots.answering.office import Office
from bots.serving.composing import compose
from bots.serving.lock import Hold
from bots.serving.serving import Served, serve
from bots.serving.setting_up.groups import Groups
from bots.serving.setting_up.opening import opened
from bots.serving.setting_up.orders import Installer
from bots.serving.setting_up.people import accounts, others, who
from bots.serving.setting_up.terminal import Left, Terminal
from bots.serving.setting_up.tokens import tokens
from bots.serving.setting_up.trial import trial

__all__ = ["Guide"]


SHOWING: Final = 20.0
"""Seconds that the chats have to show the end of the trial."""


@dataclass(frozen=True)
class Guide:
    """One installation. Each step looks at what is done already, and asks for the rest."""

    office: Office
    hold: Hold
    terminal: Terminal
    environment: Mapping[str, str]
    person: str = ""
    """Who installs, when the line says so."""
    with_trial: bool = True

    async def run(self) -> None:
        """All of it. Left when the person leaves before the end."""
        self.terminal.say("setup.hello", town=self.office.home.config.organisation.name)
        secrets = await tokens(self.terminal, self.office.home.path, self.environment)
        served = compose(self.office, secrets, self.hold)
        served.board = ""  # nobody supervises an installation
        if not served.doors:
            self.terminal.say("setup.no_door")
            return
        serving = asyncio.create_task(serve(served, lambda _: None))
        guiding = asyncio.create_task(self._led(served))
        try:
            await asyncio.wait({serving, guiding}, return_when=asyncio.FIRST_COMPLETED)
            if not guiding.done():
                raise Left  # a signal, or somebody has taken over
            await guiding
        finally:
            guiding.cancel()
            await asyncio.wait({guiding})
            served.stop.set()
            await serving

    async def _led(self, served: Served) -> None:
        doors = await opened(self.terminal, served.doors)
        if not doors:
            self.terminal.say("setup.no_door_open")
            return
        installer = (
            Installer(self.office, self.person) if self.person else await who(self.terminal, self.office)
        )
        groups = Groups(self.terminal, installer)
        groups.watch(doors)
        await accounts(self.terminal, installer, doors)
        await groups.settle(doors)
        if self.with_trial:
            await others(self.terminal, installer, doors)
            await trial(self.terminal, installer, doors)
            await _shown(served)
        self.terminal.say("setup.done")


async def _shown(served: Served) -> None:
    """Wait until the chats say how the trial ended: nobody must be left with a card that still calls."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SHOWING):
            while not served.relay.converged():  # noqa: ASYNC110 - it is nobody's event
                await asyncio.sleep(0.1)
