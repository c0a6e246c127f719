"""`tocsin init`: make a town's folder, without ever overwriting; the procedures stay in the library."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import click

from bots import door

__all__ = ["command"]


@door.command("init")
@door.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def command(session: door.Session, directory: Path) -> int:
    """Write the files that a town begins with; what is already there stays as it is."""
    from engine.library.catalogue import library_folder
    from engine.library.upgrade.accepted import ACCEPTED, keep

    words = session.words
    for name, content in _files(session):
        _write(session, directory, directory / name, content)
    accepted = directory / ACCEPTED
    if accepted.exists():
        click.echo(words.say("cli.init.kept", path=accepted))
    else:
        try:
            keep(directory, library_folder(), time.time_ns() // 1_000_000)
        except OSError as error:
            raise door.CommandFailed("cli.init.blocked", path=accepted, detail=error.strerror) from error
        click.echo(words.say("cli.init.made", path=accepted))
    click.echo(words.say("cli.init.next", folder=directory), err=True)
    return 0


def _files(session: door.Session) -> Iterator[tuple[Path, bytes]]:
    """The example town's files, then those that the library dictates, each by its place in the folder."""
    from engine.library.catalogue import Library, library_folder
    from engine.library.starting import starting_files

    example = library_folder() / "exemple"
    for path in sorted(path for path in example.rglob("*") if path.is_file()):
        yield path.relative_to(example), path.read_bytes()
    for name, text in starting_files(Library.load(), session.words).items():
        yield Path(name), text.encode()


def _write(session: door.Session, directory: Path, target: Path, content: bytes) -> None:
    if target.exists():
        click.echo(session.words.say("cli.init.kept", path=target))
        return
    try:
        # The folder will hold the journal, with names and phone numbers: its owner alone looks in.
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Exclusive creation: if somebody makes the file meanwhile, theirs stays.
        with target.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise door.CommandFailed("cli.init.blocked", path=target, detail=error.strerror) from error
    click.echo(session.words.say("cli.init.made", path=target))
