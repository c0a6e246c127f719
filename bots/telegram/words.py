"""In which language Telegram's people are spoken to: their own in private, the town's in groups."""

from __future__ import annotations

from engine.home import Home
from engine.i18n import LANGUAGES, Words

__all__ = ["group_words", "person_words", "stranger_words"]


def group_words(home: Home) -> Words:
    """The town's."""
    return Words(home.config.organisation.lang, strict=False)


def person_words(home: Home, person: str) -> Words:
    """A person's of the directory, else the town's."""
    known = home.world.directory.people.get(person)
    return Words(known.lang, strict=False) if known and known.lang in LANGUAGES else group_words(home)


def stranger_words(home: Home, lang: str | None) -> Words:
    """Of an account that nobody knows: what its telephone speaks, else the town's."""
    code = (lang or "").partition("-")[0]
    return Words(code, strict=False) if code in LANGUAGES else group_words(home)
