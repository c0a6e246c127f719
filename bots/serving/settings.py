"""Tokens and addresses: from the environment, else from a file that its owner alone can read. Never from `tocsin.toml`.

A token opens the crisis cell's channel to whoever holds it: a file that others can read is refused, and nothing here
is ever printed.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from bots.slack.settings import SlackSettings
from bots.telegram.settings import TelegramSettings
from engine.config import SECRETS
from engine.i18n import Words

__all__ = ["Bots", "SecretsUnreadable", "keep_secret", "secrets_file", "secrets_of"]

_NAME: Final = re.compile(r"TOCSIN_[A-Z_]+")


class SecretsUnreadable(Exception):
    """The file of secrets can't be used: `code` is a key of `serve.secrets`."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

    def tell(self, words: Words) -> str:
        """Say it to whoever installs."""
        return words.say(f"serve.secrets.{self.code}", **self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bots:
    """The platforms that the secrets open, and what is lacking of one that they half open."""

    slack: SlackSettings | None
    telegram: TelegramSettings | None
    lacks: str
    """The name of what Slack lacks, when it has something; empty when it has all or nothing."""

    @classmethod
    def of(cls, secrets: Mapping[str, str]) -> Self:
        """Read them."""
        slack = SlackSettings.of(secrets)
        return cls(
            slack=slack,
            telegram=TelegramSettings.of(secrets),
            lacks="" if slack is not None else _lacking(secrets),
        )


def _lacking(secrets: Mapping[str, str]) -> str:
    bot, app, signing = (
        bool(secrets.get(f"TOCSIN_SLACK_{name}")) for name in ("BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET")
    )
    if not (bot or app or signing):
        return ""
    if not bot:
        return "TOCSIN_SLACK_BOT_TOKEN"
    return "TOCSIN_SLACK_LISTEN" if signing else "TOCSIN_SLACK_APP_TOKEN"


def secrets_file(home: Path, environment: Mapping[str, str]) -> Path:
    """Where this town's tokens are kept."""
    return Path(environment.get("TOCSIN_SECRETS") or home / SECRETS)


def keep_secret(path: Path, name: str, value: str) -> None:
    """Write one token in the file, in the place of an older one; readable by its owner alone from the first byte."""
    lines = path.read_text("utf-8-sig").splitlines() if path.is_file() else []
    others = [line for line in lines if line.partition("=")[0].strip() != name]
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join([*others, f"{name}={value}"]) + "\n")
    fresh.replace(path)


def secrets_of(home: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """What the environment says, over what the file says. SecretsUnreadable tells the line, never its value."""
    path = secrets_file(home, environment)
    found = _file(path) if path.is_file() else {}
    return found | {
        name: value for name, value in environment.items() if _NAME.fullmatch(name) and value.strip()
    }


def _file(path: Path) -> dict[str, str]:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SecretsUnreadable("open_to_others", path=str(path))
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        detail = getattr(error, "strerror", None) or "UTF-8"
        raise SecretsUnreadable("unreadable", path=str(path), detail=detail) from error
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not _NAME.fullmatch(name.strip()):
            raise SecretsUnreadable("bad_line", path=str(path), line=number)
        found[name.strip()] = value.strip().strip("\"'")
    return found
