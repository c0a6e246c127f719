"""Turn what went wrong on the command line into words, and keep the trace of what nobody foresaw."""

import os
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

import click

from engine.i18n import Words

__all__ = ["explain", "record_trace"]


def explain(error: click.ClickException, words: Words) -> str:
    """Say a usage error in the reader's language, and where the help is."""
    told = _sentence(error, words)
    context = getattr(error, "ctx", None)
    if context is None:
        return told
    return f"{told}\n{words.say('cli.errors.see_help', command=context.command_path)}"


def _sentence(error: click.ClickException, words: Words) -> str:
    match error:
        case click.NoSuchOption():
            close = ", ".join(error.possibilities or ())
            key = "cli.errors.option_close" if close else "cli.errors.option"
            return words.say(key, name=error.option_name, close=close)
        case click.MissingParameter():
            return words.say("cli.errors.missing", name=_name(error, words))
        case click.BadParameter() if error.param is not None:
            return _bad_value(error, error.param, words)
        case click.BadOptionUsage():
            return words.say("cli.errors.misused", name=error.option_name)
        case click.FileError():
            return words.say("cli.errors.file", path=error.ui_filename, detail=error.message)
        case _:
            return error.format_message()


def _bad_value(error: click.BadParameter, parameter: click.Parameter, words: Words) -> str:
    name = _name(error, words)
    match parameter.type:
        case click.Choice() as choice:
            return words.say("cli.errors.choice", name=name, choices=", ".join(map(str, choice.choices)))
        case click.types.IntParamType() | click.types.FloatParamType():
            return words.say("cli.errors.number", name=name)
        case click.Path() | click.File():
            return words.say("cli.errors.path", name=name)
        case _:
            return words.say("cli.errors.value", name=name, detail=error.message)


def _name(error: click.BadParameter, words: Words) -> str:
    """Name what is wrong as the help page does."""
    match error.param:
        case click.Argument(name=str(name)):
            key = f"cli.arguments.{name}"
            return words.say(key) if words.has(key) else name.upper()
        case click.Parameter() as parameter:
            return parameter.opts[0]
        case _:
            return str(error.param_hint or "")


def record_trace(error: BaseException, home: Path) -> Path | None:
    """Write the traceback where its owner alone can read it; return the file, or nothing if none could be.

    A trace holds lines of code and the error's own words, so it goes to the town's folder when there is one.
    """
    folder = home / "traces" if home.is_dir() else Path(tempfile.gettempdir())
    text = "".join(traceback.format_exception(error))
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        # mkstemp creates with mode 600 and never follows a link that waits in a shared folder.
        stamp = f"tocsin-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-"
        handle, path = tempfile.mkstemp(prefix=stamp, suffix=".txt", dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return None
    return Path(path)
