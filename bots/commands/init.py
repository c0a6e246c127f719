"""`tocsin init`: make a town's folder from the example town, without ever overwriting."""

import shutil
from pathlib import Path

import click

from bots import door

__all__ = ["command"]


@door.command("init")
@door.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def command(session: door.Session, directory: Path) -> int:
    """Copy the example town's files; what is already there stays as it is."""
    from engine.library.catalogue import library_folder

    words = session.words
    for source, target in _plan(library_folder() / "exemple", directory):
        if target.exists():
            click.echo(words.say("cli.init.kept", path=target))
            continue
        try:
            # The folder will hold the journal, with names and phone numbers: its owner alone looks in.
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy_once(source, target)
        except OSError as error:
            raise door.CommandFailed("cli.init.blocked", path=target, detail=error.strerror) from error
        click.echo(words.say("cli.init.made", path=target))
    click.echo(words.say("cli.init.next", folder=directory), err=True)
    return 0


def _plan(example: Path, directory: Path) -> list[tuple[Path, Path]]:
    """Pair each file of the example with its place in the town's folder."""
    sources = sorted(path for path in example.rglob("*") if path.is_file())
    return [(source, directory / source.relative_to(example)) for source in sources]


def _copy_once(source: Path, target: Path) -> None:
    # Exclusive creation: if somebody makes the file meanwhile, theirs stays.
    with source.open("rb") as read, target.open("xb") as write:
        shutil.copyfileobj(read, write)
