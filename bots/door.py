"""Build the commands of `tocsin`: help in the reader's language, the shared options anywhere on the line.

A command names itself and finds its words in the catalogue: `cli.<command>.short` (one line in the list),
`cli.<command>.help` (its page) and `cli.<command>.<option>` for each option; the shared options have theirs
under `cli.shared`. Nothing heavy is imported here: `tocsin --help` has a quarter of a second.
"""

import copy
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from engine.i18n import LANGUAGES, Words

__all__ = [
    "CommandFailed",
    "Session",
    "TocsinCommand",
    "TocsinGroup",
    "argument",
    "command",
    "group",
    "option",
    "session_of",
    "unbroken",
]

_P = ParamSpec("_P")
_F = TypeVar("_F", bound=Callable[..., Any])

CONFIGURATION = "tocsin.toml"


class CommandFailed(Exception):
    """Something a person can understand and mend stopped the command.

    The door says `key` with `facts` on standard error and leaves with `exit_code`: 1 when the answer is no,
    2 when there could be no answer.
    """

    def __init__(self, key: str, /, *, exit_code: int = 2, **facts: object) -> None:
        super().__init__(key)
        self.key, self.facts, self.exit_code = key, facts, exit_code


@dataclass(slots=True)
class Session:
    """What one invocation knows: who listens, in which language, and where the town's data is."""

    lang: str = "fr"
    home_option: Path | None = None
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))

    @classmethod
    def begin(cls) -> "Session":
        """Start from the environment: TOCSIN_LANG says the language until `--lang` does."""
        spoken = os.environ.get("TOCSIN_LANG", "")[:2].lower()
        return cls(lang=spoken if spoken in LANGUAGES else LANGUAGES[0])

    @property
    def words(self) -> Words:
        """Speak the language of this invocation."""
        return Words(self.lang, strict=False)

    @property
    def home(self) -> Path:
        """Find the town's folder.

        `--home`, then TOCSIN_HOME, then the nearest folder from here upwards that holds `tocsin.toml`, then
        the user's data directory. Nothing is created.
        """
        if self.home_option is not None:
            return self.home_option
        if told := self.environment.get("TOCSIN_HOME"):
            return Path(told)
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / CONFIGURATION).is_file():
                return folder
        from platformdirs import user_data_path

        return user_data_path("tocsin", appauthor=False)


def session_of(context: click.Context) -> Session:
    """Return the session of this invocation, made on first use: two invocations share nothing."""
    root = context.find_root()
    if not isinstance(root.obj, Session):
        root.obj = Session.begin()
    return root.obj


class _Argument(click.Argument):
    """An argument whose name on the page is a word of the catalogue, when it has one."""

    def make_metavar(self, ctx: click.Context) -> str:
        words, key = session_of(ctx).words, f"cli.arguments.{self.name}"
        if not words.has(key):
            return super().make_metavar(ctx)
        shape = words.say(key) + ("…" if self.nargs != 1 else "")
        return shape if self.required else f"[{shape}]"


class _Option(click.Option):
    """An option whose help is a key of the catalogue."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        # On a copy: a command object may serve two invocations in two languages.
        spoken = copy.copy(self)
        words = session_of(ctx).words
        page = (ctx.command.name or "shared") if self.help is None else self.help
        spoken.help = words.say(f"cli.{page}.{self.name}")
        record = click.Option.get_help_record(spoken, ctx)
        if record is None:
            return None
        names, told = record
        for mark, key in (("[default:", "default"), ("[required]", "required")):
            told = told.replace(mark, words.say(f"cli.usage.{key}"))
        return names, told


def _keep_language(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        session_of(context).lang = value


def _keep_home(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        session_of(context).home_option = value


def shared_options() -> list[click.Parameter]:
    """Make the options that every command accepts, before or after its name."""
    return [
        _Option(
            ["--lang"],
            type=click.Choice(LANGUAGES),
            expose_value=False,
            is_eager=True,
            callback=_keep_language,
            help="shared",
        ),
        _Option(
            ["--home"],
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            expose_value=False,
            is_eager=True,
            callback=_keep_home,
            help="shared",
        ),
        _Option(
            ["--help", "-h"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_show_help,
            help="shared",
        ),
    ]


def _show_help(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        click.echo(context.get_help(), color=context.color)
        context.exit()


class TocsinCommand(click.Command):
    """A command whose help page is written when it is asked for, in the language of the line."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings["add_help_option"] = False  # ours is among the shared options, in the reader's language
        super().__init__(*args, **settings)
        self.params += shared_options()
        # Taken in, then refused by us: click's own sentence is English.
        self.allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # `--help --lang en` must answer in English: the language is looked for before anything is handled.
        if (spoken := _language_on(args)) is not None:
            session_of(ctx).lang = spoken
        rest = super().parse_args(ctx, args)
        if rest and not isinstance(self, click.Group):
            detail = " ".join(map(str, rest))
            raise click.UsageError(session_of(ctx).words.say("cli.errors.too_many", detail=detail), ctx)
        return rest

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        words = session_of(ctx).words
        pieces = [words.say("cli.usage.options"), *(p.make_metavar(ctx) for p in self._arguments())]
        formatter.write_usage(ctx.command_path, " ".join(pieces), f"{words.say('cli.usage.usage')} ")

    def _arguments(self) -> list[click.Argument]:
        return [parameter for parameter in self.params if isinstance(parameter, click.Argument)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(unbroken(session_of(ctx).words.say(f"cli.{self.name}.help")))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        records = [record for p in options if (record := p.get_help_record(ctx)) is not None]
        with formatter.section(session_of(ctx).words.say("cli.usage.options_title")):
            formatter.write_dl(records)


class TocsinGroup(TocsinCommand, click.Group):
    """A command that has commands of its own."""

    def page(self, ctx: click.Context, name: str) -> str:
        """The table of the catalogue that speaks of a sub-command."""
        found = self.get_command(ctx, name)
        return (found and found.name) or name

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.list_commands(ctx):
            raise click.NoSuchOption(args[0]) if args[0].startswith("-") else _unknown(ctx, self, args[0])
        return super().resolve_command(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        words = session_of(ctx).words
        formatter.write_usage(
            ctx.command_path, words.say("cli.usage.command"), f"{words.say('cli.usage.usage')} "
        )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        words = session_of(ctx).words
        told = [(name, words.say(f"cli.{self.page(ctx, name)}.short")) for name in self.list_commands(ctx)]
        with formatter.section(words.say("cli.usage.commands_title")):
            formatter.write_dl(told)
        super().format_options(ctx, formatter)


def _unknown(ctx: click.Context, group: TocsinGroup, name: str) -> click.UsageError:
    from difflib import get_close_matches

    words = session_of(ctx).words
    close = get_close_matches(name, group.list_commands(ctx), n=1)
    key = "cli.errors.command_close" if close else "cli.errors.command"
    return click.UsageError(words.say(key, name=name, close="".join(close)), ctx)


def unbroken(text: str) -> str:
    """Keep French quotes and double signs on the line of their word."""
    for sign in ":;?!»":  # not a message: punctuation
        text = text.replace(f" {sign}", f"\u00a0{sign}")
    return text.replace("« ", "«\u00a0")  # not a message: punctuation


def _language_on(args: list[str]) -> str | None:
    for position, word in enumerate(args):
        if word == "--":
            return None
        name, equals, value = word.partition("=")
        if name == "--lang":
            told = value if equals else "".join(args[position + 1 : position + 2])
            return told if told in LANGUAGES else None
    return None


def command(
    name: str, **settings: Any
) -> Callable[[Callable[Concatenate[Session, _P], int | None]], TocsinCommand]:
    """Make a sub-command of a function that takes the session first; its result is the exit code."""

    def decorate(function: Callable[Concatenate[Session, _P], int | None]) -> TocsinCommand:
        def run(*args: _P.args, **kwargs: _P.kwargs) -> int | None:
            return function(session_of(click.get_current_context()), *args, **kwargs)

        # The decorators below `command` left their parameters on the function, in reverse.
        params = list(reversed(getattr(function, "__click_params__", [])))
        return TocsinCommand(name=name, callback=run, params=params, **settings)

    return decorate


def group(name: str) -> TocsinGroup:
    """Make a command of commands: alone it shows its page.

    Each is added under the name that is typed, and named after both (`pca_status`): its words are there.
    """

    def page(context: click.Context) -> int:
        if context.invoked_subcommand is None:
            click.echo(context.get_help())
        return 0

    return TocsinGroup(
        name=name, callback=click.pass_context(page), invoke_without_command=True, no_args_is_help=False
    )


def option(*names: str, **settings: Any) -> Callable[[_F], _F]:
    """Declare an option; its help is `cli.<command>.<name>` in the catalogue."""
    return click.option(*names, cls=_Option, **settings)


def argument(*names: str, **settings: Any) -> Callable[[_F], _F]:
    """Declare an argument; the page shows `cli.arguments.<name>` if the catalogue has it."""
    return click.argument(*names, cls=_Argument, **settings)
