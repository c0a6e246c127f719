"""The command line of tocsin: the list of commands, and the one place where an error becomes a sentence.

A command's module is imported only when it is called: its name and its one line of help are known without.
Exit codes: 0 it went well, 1 the answer is no (findings, broken chain, refused), 2 there is no answer.
"""

import contextlib
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from bots.door import CommandFailed, Session, TocsinGroup
from bots.mishaps import explain, record_trace
from engine.visible import harmless

__all__ = ["COMMANDS", "answer", "main", "speak_utf8", "tocsin"]

# The order is the one of the help: first what a newcomer types.
COMMANDS = {
    name: f"bots.commands.{name}"
    for name in (
        "demo",
        "init",
        "upgrade",
        "check",
        "draw",
        "list",
        "show",
        "metrics",
        "run",
        "do",
        "setup",
        "serve",
        "pca",
        "kit",
        "transcribe",
        "export",
        "verify",
        "backup",
        "restore",
        "invite",
        "revoke",
        "pin",
        "quiz",
        "doctor",
        "schema",
    )
}


def _is_there(module: str) -> bool:
    """Tell whether a command's module exists, without importing it."""
    return (Path(__file__).parent / "commands" / f"{module.rpartition('.')[2]}.py").is_file()


class LazyGroup(TocsinGroup):
    """The group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, module in COMMANDS.items() if _is_there(module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None or not _is_there(module):
            return None
        found = import_module(module).command
        assert isinstance(found, click.Command)
        return found

    def page(self, ctx: click.Context, name: str) -> str:
        return name  # known without importing it


@click.group("tocsin", cls=LazyGroup, invoke_without_command=True, no_args_is_help=False)
@click.pass_context
def tocsin(context: click.Context) -> int:
    """Drive a town hall through a crisis."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
    return 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command line and leave with its exit code."""
    open_streams()
    speak_utf8()
    given = sys.argv[1:] if arguments is None else arguments
    code = answer([as_typed(one) for one in given])
    try:
        sys.stdout.flush()
    except OSError:
        _silence()
    sys.exit(code)


def answer(arguments: list[str]) -> int:
    """Run one command line; say any error in one readable line, and return the exit code."""
    session = Session.begin()
    try:
        result = tocsin.main(arguments, prog_name="tocsin", standalone_mode=False, obj=session)
        sys.stdout.flush()  # here, and not when the interpreter leaves: nobody would say it in words
    except CommandFailed as failure:
        _say(session.words.say(failure.key, **failure.facts))
        return failure.exit_code
    except click.ClickException as error:
        _say(explain(error, session.words))
        return 2
    except (click.Abort, KeyboardInterrupt):
        _say(session.words.say("cli.errors.interrupted"))
        return 2
    except SystemExit:  # click's way to say that whoever read has gone (`tocsin list | head -1`)
        return _unread(os.strerror(errno.EPIPE), session)
    except Exception as error:  # noqa: BLE001 - the last door: a person gets a sentence, never a traceback
        if isinstance(error, OSError) and _is_deaf():
            return _unread(error.strerror or str(error), session)
        return _unexpected(error, session)
    return result if isinstance(result, int) else 0


def _say(text: str) -> None:
    with contextlib.suppress(OSError):  # nowhere left to say it
        click.echo(harmless(text), err=True)


def _is_deaf() -> bool:
    """Whether it is standard output that refuses, and not some other file: only writing to it tells."""
    try:
        os.write(sys.stdout.fileno(), b"\n")
    except OSError:
        return True
    return False


def _silence() -> None:
    """Let what can't be written go nowhere: the interpreter would complain of it when it leaves."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unread(detail: str, session: Session) -> int:
    """The answer is lost, not what the journal holds."""
    _silence()
    _say(session.words.say("cli.errors.unread", detail=detail))
    return 2


def _unexpected(error: Exception, session: Session) -> int:
    if session.environment.get("TOCSIN_DEBUG") == "1":
        raise error
    written = record_trace(error, session.home)
    told = f"{type(error).__name__}: {error}".splitlines()[0]
    key = "cli.errors.unexpected" if written else "cli.errors.unexpected_untraced"
    _say(session.words.say(key, error=told, path=written))
    return 2


def open_streams() -> None:
    """Put nothing where a stream was closed (`tocsin run <&-`): else the journal would be opened in its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - for as long as we run


def speak_utf8() -> None:
    """Write UTF-8 even where the system would not: a pipe on Windows, a machine without a locale.

    A terminal keeps its own letters; those that it lacks are shown as "?".
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def as_typed(word: str) -> str:
    """The word that was typed, where Python took its letters one byte at a time (LC_ALL=C).

    The name of a file stays as the system gives it.
    """
    if word.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in word) or os.path.lexists(word):
        return word
    return os.fsencode(word).decode("utf-8", "replace")


if __name__ == "__main__":
    main()
