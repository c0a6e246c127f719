"""`tocsin.toml`: the town's name, its hour, its language, where its backups go, which channels it uses.

No secret is written here: tokens come from the environment, or from a file that its owner alone can read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from engine.core.scalars import Delay, Text
from engine.visible import hidden_in

__all__ = [
    "CONFIGURATION", "SECRETS", "Backup", "Config", "Organisation", "Slack", "Telegram", "Training", "load_config",
]  # fmt: skip

CONFIGURATION = "tocsin.toml"
SECRETS = "secrets.env"
"""The bots' tokens, in the town's folder: lines `NAME=VALUE`, mode 600."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("timezone", "no time zone {written}", {"written": name}) from None
    return name


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Organisation(_Section):
    """Who the town is."""

    name: Text
    timezone: Annotated[Text, AfterValidator(_known_zone)] = "Europe/Paris"
    lang: Literal["fr", "en"] = "fr"


class Backup(_Section):
    """Where a second copy of the journal goes, how often, and what seals it."""

    to: Text
    every: Delay | None = None
    passphrase_file: Text | None = None
    recipient: Text | None = None


class Slack(_Section):
    """Channels of the town's workspace; `setup` fills them in."""

    declare_channel: Text | None = None
    crisis_channel: Text = "new"


class Telegram(_Section):
    """Groups of the town's bot; `setup` fills them in."""

    crisis_group: int | None = None
    exercise_group: int | None = None


class Training(_Section):
    """What tocsin asks of people in quiet times."""

    weekly: bool = True
    """A question of the awareness quiz each week, in private."""


class Config(_Section):
    """The whole file."""

    organisation: Organisation
    backup: Backup | None = None
    slack: Slack = Field(default_factory=Slack)
    telegram: Telegram = Field(default_factory=Telegram)
    training: Training = Field(default_factory=Training)


def load_config(home: Path) -> Config | None:
    """The town's configuration, or None if it has none.

    Raises `tomllib.TOMLDecodeError` or `pydantic.ValidationError`: `tocsin check` says both in words.
    """
    path = home / CONFIGURATION
    if not path.is_file():
        return None
    written = tomllib.loads(path.read_text("utf-8-sig"))
    for text in _texts(written):
        if found := hidden_in(text):
            raise tomllib.TOMLDecodeError(f"U+{ord(found):04X}")
    return Config.model_validate(written)


def _texts(node: object) -> Iterator[str]:
    match node:
        case str():
            yield node
        case dict():
            yield from (text for one in (*node, *node.values()) for text in _texts(one))
        case list():
            yield from (text for one in node for text in _texts(one))
