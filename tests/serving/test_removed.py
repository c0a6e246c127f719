"""Somebody is taken out of the directory in the middle of the night, while the town is served."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bots.serving import files
from engine.core import commands as c
from engine.timers import SystemClock
from tests.serving.playing import GROUP, PEOPLE, Hall, hall, played

DSI = PEOPLE["p4"]


@pytest.fixture(autouse=True)
def _glances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "GLANCE", 0.1)


def dismissed(town: Hall, person: str) -> None:
    """Take somebody out of the file: whoever does it at night forgets the roles where they are named."""
    path = town.home.path / "annuaire.yaml"
    written = yaml.safe_load(path.read_text("utf-8"))
    del written["people"][person]
    path.write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")


def texts(town: Hall, chat: int) -> str:
    return "\n".join(one.text for one in town.telegram.shown(chat))


@played
async def test_their_account_does_nothing_more_and_their_step_goes_to_who_replaces_them(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path) as town:
        telegram, home = town.telegram, town.home
        name = home.world.directory.name("p4")
        declare = c.Declare(title="Écrans chiffrés", known_at=SystemClock().now(), runbook="rancongiciel")
        incident = (await town.order(declare, incident="")).incident
        await town.until(lambda: any("Prendre" in one.labels for one in telegram.shown(DSI)))
        card = next(one for one in telegram.shown(DSI) if "Prendre" in one.labels)
        shown = card.buttons[0]["callback_data"]
        await telegram.press(DSI, DSI, card.id, "Prendre")
        await town.until(lambda: name in texts(town, GROUP))
        last = len(list(home.journal.reader.entries(incident)))

        dismissed(town, "p4")
        await town.until(lambda: "p4" not in home.world.directory.people)
        await town.until(town.served.relay.converged)
        stale = await telegram.press_data(DSI, DSI, card.id, shown)
        assert "n'est pas connu" in stale.text
        telegram.send(DSI, DSI, "note je suis encore là")
        await town.until(lambda: "n'est pas connu" in telegram.last(DSI).text)
        assert len(list(home.journal.reader.entries(incident))) == last
        assert not any(one.buttons for one in telegram.shown(DSI))

        view = home.world.directory
        assert view.roles["dsi"].people == ("p5",)
        told = town.served.office.scene(home.desk.incident(incident))
        place = told.place(1, "technique")
        assert place is not None
        assert told.first_for(place.step.role) == "p5"
        telegram.send(PEOPLE["p1"], PEOPLE["p1"], "voir technique")
        await town.until(
            lambda: f"{name} l'avait prise et n'est plus dans l'annuaire" in texts(town, PEOPLE["p1"])
        )
        assert "Prendre" in telegram.last(PEOPLE["p1"]).labels
