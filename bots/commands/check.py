"""`tocsin check`: what is wrong in procedures, registers, directory and configuration, all in one pass."""

from pathlib import Path

import click

from bots import door

__all__ = ["command"]


@door.command("check")
@door.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@door.option("--format", type=click.Choice(["text", "json", "github"]), default="text")
@door.option("--fix", is_flag=True)
def command(session: door.Session, paths: tuple[Path, ...], format: str, fix: bool) -> int:
    """Print the findings; 0 when there is nothing to mend, 1 when there is."""
    from engine.library.check import check_paths, files_in, mend_paths
    from engine.library.finding import fails, render

    home = session.home if (session.home / door.CONFIGURATION).is_file() else None
    if home is None and session.home_option and not paths:  # a slip in its name: nothing of the town was read
        raise door.CommandFailed("upgrade.no_town", path=session.home)
    asked = list(paths) or _everything(home)
    try:
        for changed in mend_paths(asked) if fix else ():
            click.echo(session.words.say("lint_yaml.mended.said", path=changed), err=True)
        count = len(files_in(asked))
        findings = check_paths(asked, home=home)
    except OSError as error:
        raise door.CommandFailed("cli.errors.path", name=error.filename or asked[0]) from error
    click.echo(render(findings, format, session.words), nl=False)
    key, told_of = ("summary", len(findings)) if findings else ("clean", count)
    click.echo(session.words.say(f"lint_yaml.{key}", count=told_of), err=True)
    return 1 if fails(findings) else 0


def _everything(home: Path | None) -> list[Path]:
    """The town's folder, whose files its people can mend; the library where there is no town."""
    from engine.library.catalogue import library_folder

    return [_from_here(home or library_folder())]


def _from_here(path: Path) -> Path:
    """A path as it would be typed: what a person reads, an editor opens."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
