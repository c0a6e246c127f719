"""The town's files are followed while it is served: a number corrected at night is the one that is called."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bots.serving import files
from tests.serving.playing import hall, played


@pytest.fixture(autouse=True)
def _glances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "GLANCE", 0.1)


@played
async def _followed(folder: Path) -> None:
    async with hall(folder) as town:
        path = town.home.path / "annuaire.yaml"
        written, people = path.read_text("utf-8"), town.home.world.directory.people
        old = people["p1"].phone
        path.write_text(written.replace(people["p1"].name, "Hélène Nouveau-Nom"), "utf-8")
        await town.until(lambda: town.home.world.directory.name("p1") == "Hélène Nouveau-Nom")
        assert town.home.world.directory.people["p1"].phone == old


def test_a_corrected_directory_is_the_one_that_serves(tmp_path: Path) -> None:
    _followed(tmp_path)


def test_a_slip_changes_nothing_and_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    @played
    async def slipped() -> None:
        async with hall(tmp_path) as town:
            path = town.home.path / "annuaire.yaml"
            written, before = path.read_text("utf-8"), town.home.world.directory
            path.write_text(written + "\n  - [ : oops\n", "utf-8")
            await town.until(lambda: "are left as they were" in caplog.text)
            assert town.home.world.directory == before
            path.write_text(written.replace(before.name("p1"), "Hélène Corrigée"), "utf-8")
            await town.until(lambda: town.home.world.directory.name("p1") == "Hélène Corrigée")

    with caplog.at_level(logging.INFO):
        slipped()
