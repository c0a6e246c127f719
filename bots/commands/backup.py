"""`tocsin backup`: the whole town in one sealed file, while everything runs; once, or at a pace."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bots import door

if TYPE_CHECKING:
    from engine.home.backup import Schedule
    from engine.home.sealing import Seal

__all__ = ["PASSPHRASE", "command"]

PASSPHRASE = "TOCSIN_BACKUP_PASSPHRASE"


@door.command("backup")
@door.argument("path", type=click.Path(path_type=Path), required=False)
@door.option("--recipient", multiple=True)
@door.option("--passphrase", is_flag=True)
@door.option("--every")
@door.option("--keep", type=click.IntRange(min=1), default=96)
def command(
    session: door.Session,
    path: Path | None,
    recipient: tuple[str, ...],
    passphrase: bool,
    every: str | None,
    keep: int,
) -> int:
    """Make one backup, or one after the other until interrupted; without a path, as `tocsin.toml` says."""
    from engine.home.backup import is_folder

    pace = _pace(every) if every is not None else 0
    if not session.home.is_dir():
        raise door.CommandFailed("journal.backup.no_home", path=session.home)
    plan = _plan(session) if path is None else None
    if plan is not None:
        path = plan.folder
        pace = pace or plan.every
    assert path is not None
    if pace and not is_folder(path):
        raise door.CommandFailed("journal.backup.every_folder", path=path)
    seal = (
        plan.seal
        if plan is not None and not (recipient or passphrase)
        else _seal(session, recipient, passphrase)
    )
    while True:
        made = _once(session, path, seal, keep)
        told = session.words.say("journal.backup.done", path=made, size=-(-made.stat().st_size // 1024))
        click.echo(told)
        if not pace:
            return 0
        _wait(session, pace)


def _plan(session: door.Session) -> Schedule:
    """What `[backup]` of the town's configuration says."""
    from pydantic import ValidationError

    from engine.config import CONFIGURATION, load_config
    from engine.home.backup import Schedule
    from engine.home.planned import Failure, folder_of, seal_of

    file = session.home / CONFIGURATION
    try:
        config = load_config(session.home)
    except (ValueError, ValidationError, OSError) as error:
        detail = str(error).partition("\n")[0]
        raise door.CommandFailed("journal.home.config", path=session.home, detail=detail) from error
    if config is None or config.backup is None:
        raise door.CommandFailed("journal.backup.no_plan", path=file)
    try:
        seal = seal_of(session.home, config.backup)
    except Failure as failure:
        raise door.CommandFailed(failure.key, **failure.facts) from failure
    every = config.backup.every.ms if config.backup.every else 0
    return Schedule(session.home, folder_of(session.home, config.backup), seal, every)


def _pace(every: str) -> int:
    from engine.core.quantities import parse_duration

    try:
        pace = parse_duration(every).ms
    except ValueError:
        pace = 0
    if not pace:
        raise door.CommandFailed("journal.backup.every", every=every)
    return pace


def _seal(session: door.Session, recipients: tuple[str, ...], passphrase: bool) -> Seal:
    from engine.home.sealing import Seal

    known = session.environment.get(PASSPHRASE, "")
    if recipients:
        if passphrase:
            raise door.CommandFailed("journal.backup.one_key")
        return Seal(recipients=recipients)
    if known:
        return Seal(passphrase=known)
    if not passphrase:
        raise door.CommandFailed("journal.backup.needs_key")
    asked: str = click.prompt(
        session.words.say("journal.backup.ask"), hide_input=True, confirmation_prompt=True, err=True
    )
    return Seal(passphrase=asked)


def _once(session: door.Session, path: Path, seal: Seal, keep: int) -> Path:
    from engine.home.backup import back_up
    from engine.home.sealing import Unsealable
    from engine.journal.errors import JournalUnavailable

    try:
        return back_up(session.home, path, seal, time.time_ns() // 1_000_000, keep=keep)
    except Unsealable as error:
        raise door.CommandFailed(f"journal.backup.{error.code}", **error.facts) from error
    except JournalUnavailable as error:
        raise door.CommandFailed(f"journal.unavailable.{error.code}", **error.facts) from error
    except FileExistsError as error:
        raise door.CommandFailed("journal.backup.exists", path=error.filename or path) from error
    except OSError as error:
        raise door.CommandFailed("journal.backup.failed", detail=error.strerror or error) from error


def _wait(session: door.Session, pace: int) -> None:
    from datetime import datetime

    following = datetime.fromtimestamp(time.time() + pace / 1000).astimezone()
    click.echo(session.words.say("journal.backup.next", at=f"{following:%H:%M}"), err=True)
    time.sleep(pace / 1000)
