"""The disk of the small machine fills up at three in the morning, while people press."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from engine.core import commands as c
from engine.journal.errors import JournalUnavailable
from engine.timers import SystemClock
from tests.desk.test_full_disk import assert_sound, small_filesystem
from tests.serving.playing import GROUP, PEOPLE, Hall, hall, played
from tests.serving.test_healthz import asked

DSI, FULL = PEOPLE["p4"], "Le disque est plein"


def filled(ballast: Path) -> None:
    """A log that nobody watches takes all that is left."""
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4_096)


async def written(town: Hall, incident: str) -> int:
    """Write until it is refused; how many notes were acknowledged."""
    for number in range(2_000):
        try:
            await town.order(c.Note(text=f"vu {number} " + "x" * 2_000), "p1", incident)
        except JournalUnavailable:
            return number
    raise AssertionError("the disk did not fill up")


def notes(town: Hall, incident: str) -> int:
    return kinds(town, incident).count("note_taken")


def kinds(town: Hall, incident: str) -> list[str]:
    return [row.kind for row in town.home.journal.reader.rows(incident)]


async def pressed(town: Hall, label: str) -> str:
    """Press this button of their card; what it showed."""
    card = next(one for one in town.telegram.shown(DSI) if label in one.labels)
    return (await town.telegram.press(DSI, DSI, card.id, label)).text


def test_a_full_disk_refuses_in_words_loses_nothing_and_needs_no_restart(tmp_path: Path) -> None:
    with small_filesystem(tmp_path / "small", "4m") as small:
        _night(small)


@played
async def _night(small: Path) -> None:
    ballast = small / "ballast"
    async with hall(small) as town:
        telegram = town.telegram
        declare = c.Declare(title="Écrans chiffrés", known_at=SystemClock().now(), runbook="rancongiciel")
        incident = (await town.order(declare, incident="")).incident
        await town.until(lambda: any("Prendre" in one.labels for one in telegram.shown(DSI)))
        await town.until(town.served.relay.converged)

        filled(ballast)
        acknowledged = await written(town, incident)
        before = len(kinds(town, incident))
        assert FULL in await pressed(town, "Prendre")
        telegram.send(DSI, DSI, "note les écrans de la compta aussi")
        await town.until(lambda: FULL in telegram.last(DSI).text)
        telegram.send(DSI, GROUP, "/note@valmont_bot les écrans de la compta aussi")
        await town.until(lambda: sum(FULL in one.text for one in telegram.shown(DSI)) == 2)
        status, told = await asked(town)
        assert (status, told["journal"]) == (503, "full")
        assert len(kinds(town, incident)) == before  # nothing by halves

        ballast.unlink()
        assert FULL not in await pressed(town, "Prendre")
        telegram.send(DSI, DSI, "note les écrans de la compta aussi")
        await town.until(lambda: notes(town, incident) == acknowledged + 1)
        await town.until(lambda: "prise à" in telegram.shown(DSI)[0].text)
        await town.until(town.served.relay.converged, 40)
        status, told = await asked(town)
        assert (status, told["journal"]) == (200, "ok")
        assert_sound(town.home)
