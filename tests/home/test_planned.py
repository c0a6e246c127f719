"""The backups that `tocsin.toml` asks for are made while a program is open, beside it, and a failure is told once."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from engine.config import Backup
from engine.core import commands as c
from engine.home import Home, planned
from engine.home.backup import Schedule, backups_in
from engine.home.planned import Failure, keep_backing_up, seal_of
from engine.home.restore import restore
from engine.home.sealing import Key
from engine.i18n import LANGUAGES, Words
from tests.desk import towns


@pytest.fixture
def town(tmp_path: Path) -> Path:
    folder = towns.make_town(tmp_path / "valmont")
    (folder / "passphrase").write_text("quatre mots au hasard\n", "utf-8")
    (folder / "passphrase").chmod(0o600)
    with Home(folder) as home:
        towns.declare(home)
    return folder


def asked(to: Path | str, **more: object) -> Backup:
    return Backup.model_validate({"to": str(to), "every": "15 min", "passphrase_file": "passphrase"} | more)


async def until(done: object, task: asyncio.Task[None]) -> None:
    assert callable(done)
    for _ in range(400):
        if done() or task.done():
            break
        await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.wait([task])


def test_a_backup_is_made_beside_the_program_that_is_open(town: Path, tmp_path: Path) -> None:
    told: list[Failure] = []

    async def work() -> float:
        task = asyncio.create_task(keep_backing_up(town, asked("copies"), told.append))
        slowest = 0.0

        def done() -> bool:
            return bool(backups_in(town / "copies"))

        for number in range(400):
            if done():
                break
            started = time.perf_counter()
            await home.desk.submit(
                towns.order("INC-2025-001", c.Note(text="pendant"), f"note {number}", at=towns.NOW)
            )
            slowest = max(slowest, time.perf_counter() - started)
            await asyncio.sleep(0.05)
        await until(done, task)
        return slowest

    with Home(town) as home:
        slowest = asyncio.run(work())
    assert told == []
    assert slowest < 1, "a press waited for the sealing"
    (made,) = backups_in(town / "copies")
    assert restore(made, tmp_path / "new", Key(passphrase="quatre mots au hasard")).incidents == 1


def test_a_failure_is_told_once_in_words(town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planned, "RETRY", 1)
    (tmp_path / "file").write_text("in the way")
    told: list[Failure] = []
    tries: list[int] = []
    made = planned._made

    async def counted(schedule: Schedule) -> int:
        tries.append(1)
        return await made(schedule)

    monkeypatch.setattr(planned, "_made", counted)

    async def work() -> None:
        task = asyncio.create_task(keep_backing_up(town, asked(tmp_path / "file" / "x"), told.append))
        await until(lambda: len(tries) > 2, task)

    asyncio.run(work())
    assert len(tries) > 2
    assert [failure.key for failure in told] == ["journal.backup.failed"]
    assert all(told[0].warn(Words(lang)) for lang in LANGUAGES)


def test_a_town_that_asks_for_none_or_gives_no_pace_gets_none(town: Path) -> None:
    told: list[Failure] = []
    for config in (None, asked("copies", every=None)):
        asyncio.run(asyncio.wait_for(keep_backing_up(town, config, told.append), 5))
    assert told == []
    assert not (town / "copies").exists()


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ({"passphrase_file": None}, "config_key"),
        ({"recipient": "age1x"}, "one_key"),
        ({"passphrase_file": "nowhere"}, "passphrase_file"),
        ({"passphrase_file": "empty"}, "passphrase_empty"),
    ],
)
def test_a_key_that_is_missing_is_said_before_anything(
    town: Path, config: dict[str, object], key: str
) -> None:
    (town / "empty").write_text("\n")
    with pytest.raises(Failure) as caught:
        seal_of(town, asked("copies", **config))
    assert caught.value.key == f"journal.backup.{key}"
    assert all(caught.value.tell(Words(lang)) for lang in LANGUAGES)
    told: list[Failure] = []
    asyncio.run(keep_backing_up(town, asked("copies", **config), told.append))
    assert [failure.key for failure in told] == [caught.value.key]
