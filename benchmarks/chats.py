"""A thousand presses in ten seconds over fifty incidents, through the real SDKs and `tocsin serve`.

    python benchmarks/chats.py [--presses 1000] [--incidents 50] [--seconds 10] [--rounds 3] [--no-readme]

Slack and Telegram are on loopback, in this program, with the limits of the real ones; `tocsin serve` is a program of
its own. Each incident has a channel and a group of its own; five people press, three in Slack and two in Telegram, what
stands on their cards and in the overview: boxes of a step, presence. A press is timed from the moment that a phone
sends it until its platform has heard that it is done, which is after the commit. All rounds are of one town; the best
one is told, for a busy machine only makes it slower.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from run import into_readme, machine  # noqa: E402

from bots.chat.token import token_of  # noqa: E402
from bots.inbound.pressed import Intent, at_step, of_incident, person_number  # noqa: E402
from engine.core import commands as c  # noqa: E402
from engine.core.cards import Scene  # noqa: E402
from engine.core.house import HOUSE  # noqa: E402
from engine.core.house.commands import BindGroup, BindPlace  # noqa: E402
from engine.home import Home  # noqa: E402
from engine.timers import SystemClock  # noqa: E402
from tests.acceptance.night import SLACK, TELEGRAM, Night  # noqa: E402
from tests.servers.slack import BOT  # noqa: E402

BEGIN, END = "<!-- bench:chats -->", "<!-- /bench:chats -->"
PRESSERS = ("p1", "p3", "p4", "p2", "p5")
PER_MINUTE = {"slack": 50, "telegram": 30 * 60}
"""Edits that each platform takes of one bot."""
EDITS = {"slack": "chat.update", "telegram": "editMessageText"}


@dataclass
class Round:
    """What one thousand presses came to."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"slack": [], "telegram": []})
    """By platform, from the press to its acknowledgement."""
    keys: list[str] = field(default_factory=list)
    failed: int = 0
    """Presses whose platform showed an error: nothing was heard of them in time."""
    lost: int = 0
    """Presses that are not in the journal."""
    changes: int = 0
    edits: dict[str, int] = field(default_factory=dict)
    cpu: float = 0.0
    """Seconds of processor that `tocsin serve` used from the first press to the last acknowledgement."""
    equal: float = 0.0
    """Seconds from the last press until both chats equal the state."""

    @property
    def all(self) -> list[float]:
        return sorted(self.seconds["slack"] + self.seconds["telegram"])


class Town(Night):
    """The town of the whole night, with many incidents at once."""

    async def declare(self, incidents: int) -> list[str]:
        """Open so many, each with its own channel and its own group."""
        now, names = SystemClock().now(), list[str]()
        with Home(self.town.path) as home:

            async def give(incident: str, command: c.Command, key: str) -> str:
                order = c.Order(incident=incident, command=command, by="p3", at=now, key=f"bench:{key}")
                receipt = await home.desk.submit(order)
                assert receipt.refused is None, receipt.refused
                return receipt.incident

            lobby = self.slack.workspace.make("cellule", *SLACK.values(), BOT, private=True)
            await give(HOUSE, BindGroup(surface="slack", purpose="crisis", chat=lobby.id), "lobby")
            for number in range(incidents):
                asked = c.Declare(title=f"Écran rouge {number}", known_at=now, runbook="rancongiciel")
                name = await give("", asked, f"declare {number}")
                group = self.telegram.group(
                    -6000 - number, name, *TELEGRAM.values(), rights="can_pin_messages"
                )
                channel = self.slack.workspace.make(name.lower(), *SLACK.values(), BOT, private=True)
                for surface, chat in (("slack", channel.id), ("telegram", str(group.id))):
                    place = BindPlace(incident=name, surface=surface, chat=chat)
                    await give(HOUSE, place, f"{surface} {number}")
                for turn in range(9):
                    scene = _scene(home, name)
                    if any(place.step.checklist for place in scene.places()):
                        break
                    await give(name, _first_way(scene), f"{name} {turn}")
                names.append(name)
        return names

    def tokens(self, incident: str, presses: int, round: int) -> Iterator[tuple[str, str]]:
        """Who presses what on an incident: a box of a step, then their presence, in turn."""
        with Home(self.town.path, reading=True) as home:
            scene = _scene(home, incident)
            step = next(place for place in scene.places() if place.step.checklist)
            boxes = len(step.step.checklist)
            for number in range(presses):
                person = PRESSERS[number % len(PRESSERS)]
                turn = number // 2 + round * presses
                if number % 2:
                    value = 1 + turn // len(PRESSERS) % 2
                    yield person, token_of(of_incident("presence", scene, person_number(person), value))
                else:
                    value = 1 + turn // boxes % 2
                    intent: Intent = at_step("tick", scene, step, 1 + turn % boxes, value)
                    yield person, token_of(intent)

    async def press(self, person: str, token: str, found: Round) -> None:
        """One press, timed."""
        if person in TELEGRAM:
            number = TELEGRAM[person]
            began = time.perf_counter()
            pressed = await self.telegram.press_data(number, number, 1, token)
            taken, surface = time.perf_counter() - began, "telegram"
            failed, key = pressed.spinning, f"telegram:{self.telegram.world.bot.id}:{pressed.update}"
        else:
            user = SLACK[person]
            channel, message = self.slack.workspace.private(user), self.slack.private(user)[0]
            button = {
                "action_id": "press-0-0",
                "block_id": "b",
                "value": token,
                "text": {"type": "plain_text", "text": "x"},
            }
            did = await self.slack.press(user, channel, message, button)
            taken, failed, surface = did.acked.seconds or 0.0, not did.ok, "slack"
            (action,) = did.payload["actions"]
            key = f"slack:{user}:{message.ts}:press-0-0:{action['action_ts']}"
        found.keys.append(key)
        if failed:
            found.failed += 1
        else:
            found.seconds[surface].append(taken)

    def edited(self) -> dict[str, int]:
        """Edits that each platform has taken so far."""
        told = sum(method == EDITS["telegram"] for method, _ in self.telegram.methods.calls)
        return {"slack": self.slack.limits.calls[EDITS["slack"]], "telegram": told}

    def cpu(self) -> float:
        """Seconds of processor that the program has used; 0 where the system doesn't tell."""
        assert self.program is not None
        try:
            told = Path(f"/proc/{self.program.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    async def round(self, names: list[str], presses: int, seconds: float, number: int) -> Round:
        """So many presses, evenly over so many seconds; then wait until both chats equal the state."""
        each = presses // len(names)
        queues = [list(self.tokens(name, each, number)) for name in names]
        planned = [queue[turn] for turn in range(each) for queue in queues]
        found, before, loop, cpu = Round(), self.edited(), asyncio.get_running_loop(), self.cpu()
        began = loop.time()
        async with asyncio.TaskGroup() as group:
            for turn, (person, token) in enumerate(planned):
                await asyncio.sleep(began + turn * seconds / len(planned) - loop.time())
                group.create_task(self.press(person, token, found))
        pressed, found.cpu = loop.time(), self.cpu() - cpu
        await self.settled(1800)
        found.equal = loop.time() - pressed
        found.edits = {name: count - before[name] for name, count in self.edited().items()}
        with Home(self.town.path, reading=True) as home:
            receipts = [home.journal.receipt(f"{key}/0") for key in found.keys]
            found.lost = receipts.count(None)
            found.changes = sum(bool(one and one.first) for one in receipts)
        return found


def _scene(home: Home, name: str) -> Scene:
    incident = home.desk.incident(name)
    assert incident is not None
    return Scene(incident=incident, world=home.world, now=SystemClock().now())


def _first_way(scene: Scene) -> c.PickOutcome:
    """Out of the step that stands first."""
    place = next(scene.places())
    where = {
        "run": place.run.id,
        "track": place.track,
        "step": place.cursor.step,
        "visit": place.cursor.visit,
    }
    return c.PickOutcome(**where, outcome=next(iter(place.step.outcomes)))


async def measure(presses: int, incidents: int, seconds: float, rounds: int) -> list[Round]:
    """All rounds, in one town."""
    folder = HERE / "out"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="chats-") as work:
        async with Town(Path(work)) as town:
            names = await town.declare(incidents)
            await town.start()
            _say(f"{incidents} incidents shown in both chats after {await town.settled(1800):.0f} s")
            found = list[Round]()
            for number in range(rounds):
                found.append(await town.round(names, presses, seconds, number))
                _say(" | ".join(f"{what}: {told}" for what, told, _ in rows(found[-1:], seconds)))
            return found


def rows(found: list[Round], seconds: float) -> Iterator[tuple[str, str, str]]:
    """What is told: of the best round."""
    best = min(found, key=lambda one: (one.failed, _percentile(one.all, 0.99)))
    pressed = len(best.all) + best.failed
    minutes = (seconds + best.equal) / 60
    yield f"{pressed:,} presses in {seconds:g} s: not in the journal", f"{best.lost}", "0"
    yield "… shown an error, for nothing was heard in time", f"{best.failed}", "0"
    timed = {"press to acknowledgement": best.all, "… in Slack": best.seconds["slack"]}
    for what, taken in (timed | {"… in Telegram": best.seconds["telegram"]}).items():
        told = f"p50 {statistics.median(taken) * 1000:.0f} ms, p99 {_percentile(taken, 0.99) * 1000:.0f} ms"
        yield what, told, "p99 250 ms" if what.startswith("press") else ""
    yield "processor of `tocsin serve` a press, cards included", f"{best.cpu / pressed * 1000:.1f} ms", ""
    for name, count in best.edits.items():
        allowed = PER_MINUTE[name] * minutes
        yield (
            f"edits in {name.title()} for {best.changes:,} changes",
            f"{count:,} of {allowed:,.0f} that it allows",
            "",
        )
    yield "both chats equal to the state, after the last press", f"{best.equal:.0f} s", ""


def _percentile(taken: list[float], share: float) -> float:
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * share))]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--presses", type=int, default=1000)
    parser.add_argument("--incidents", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-readme", action="store_true")
    asked = parser.parse_args()
    found = asyncio.run(measure(asked.presses, asked.incidents, asked.seconds, asked.rounds))
    lines = [f"| through both chats, {asked.incidents} incidents | here | asked |", "|---|---|---|"]
    lines += [f"| {what} | {told} | {wanted} |" for what, told, wanted in rows(found, asked.seconds)]
    table = (
        "\n".join(lines)
        + f"\n\n`python benchmarks/chats.py`, the best of {asked.rounds} rounds, on: {machine()}.\n"
    )
    print(table)
    if not asked.no_readme:
        into_readme(table, BEGIN, END)


if __name__ == "__main__":
    main()
