"""The files that a new town begins with and the library dictates: what to adapt, which numbers to find."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.continuity.model import Contact
from engine.i18n import Words
from engine.library.catalogue import Library
from engine.library.local import NUMBERS_FILE, local_contacts

__all__ = ["starting_files"]

_EXAMPLE: Final = "rancongiciel"
"""The procedure whose overlay shows how one is written."""


def starting_files(library: Library, words: Words) -> dict[str, str]:
    """Each file, by its place in the town's folder."""
    procedure = library.runbook(_EXAMPLE)
    overlay = words.say("init.overlay", id=_EXAMPLE, title=procedure.title, version=procedure.version)
    return {
        f"runbooks/{_EXAMPLE}.yaml": overlay,
        NUMBERS_FILE: words.say("init.numbers") + _numbers(local_contacts(library.contacts)),
    }


def _numbers(contacts: Mapping[str, Contact]) -> str:
    return "".join(f'\n  # {one.title}\n  {name}: ""\n' for name, one in contacts.items())
