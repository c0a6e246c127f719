"""`tocsin restore`: put a backup to work, here or on another machine, after checking it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bots import door
from bots.commands.backup import PASSPHRASE

if TYPE_CHECKING:
    from engine.home.restore import Restored
    from engine.home.sealing import Key

__all__ = ["command"]


@door.command("restore")
@door.argument("path", type=click.Path(path_type=Path, exists=True))
@door.option("--identity", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@door.option("--passphrase", is_flag=True)
def command(session: door.Session, path: Path, identity: Path | None, passphrase: bool) -> int:
    """Restore into the town's folder, which must hold no journal."""
    from engine.i18n import calendar_day, clock_time

    words = session.words
    if path.is_dir():
        raise door.CommandFailed("journal.restore.folder", path=path)
    back = _restored(session, path, _key(session, identity, passphrase))
    for kept in back.kept:
        click.echo(words.say("journal.restore.kept", path=kept), err=True)
    made = f"{calendar_day(back.made_at, 'UTC', session.lang)} {clock_time(back.made_at, 'UTC', session.lang)} UTC"
    click.echo(
        words.say(
            "journal.restore.done",
            path=session.home,
            incidents=back.incidents,
            entries=back.entries,
            at=made,
        )
    )
    click.echo(words.say("journal.restore.old"), err=True)
    return 0


def _key(session: door.Session, identity: Path | None, passphrase: bool) -> Key:
    from engine.home.sealing import Key

    if identity is not None:
        return Key(identity=identity.read_text("utf-8"))
    known = session.environment.get(PASSPHRASE, "")
    if known:
        return Key(passphrase=known)
    if not passphrase:
        raise door.CommandFailed("journal.restore.needs_key")
    asked: str = click.prompt(session.words.say("journal.backup.ask"), hide_input=True, err=True)
    return Key(passphrase=asked)


def _restored(session: door.Session, path: Path, key: Key) -> Restored:
    from engine.home.restore import RestoreRefused, restore
    from engine.home.sealing import Unsealable
    from engine.journal.errors import JournalUnavailable

    try:
        return restore(path, session.home, key)
    except RestoreRefused as refused:
        for found in refused.breaks:
            click.echo(found.tell(session.words), err=True)
        code = 1 if refused.code == "broken" else 2
        raise door.CommandFailed(
            f"journal.restore.{refused.code}", exit_code=code, **refused.facts
        ) from refused
    except Unsealable as error:
        raise door.CommandFailed(f"journal.backup.{error.code}", **error.facts) from error
    except JournalUnavailable as error:
        raise door.CommandFailed(f"journal.unavailable.{error.code}", **error.facts) from error
    except OSError as error:
        raise door.CommandFailed("journal.restore.failed", detail=error.strerror or error) from error
