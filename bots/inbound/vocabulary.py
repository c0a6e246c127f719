"""The words of the conversation: verb to meaning, French first, English beside. A contract: scripts use them.

Accents, capitals and a leading slash don't matter. Two words that mean the same are the same row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

__all__ = [
    "BY", "NO", "PLAIN", "WORDS", "YES", "close_words", "find_word", "is_number", "is_word", "plain",
]  # fmt: skip

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "declare": ("declarer", "declare"),
    "status": ("etat", "status"),
    "me": ("moi", "me", "maintenant", "now"),
    "view": ("voir", "view"),
    "take": ("prendre", "take"),
    "done": ("valider", "done"),
    "tick": ("cocher", "tick"),
    "untick": ("decocher", "untick"),
    "fact": ("fait", "fact"),
    "evidence": ("preuve", "evidence"),
    "approve": ("approuver", "approve"),
    "reject": ("refuser", "reject"),
    "confirm": ("confirmer", "confirm"),
    "note": ("note", "noter"),
    "decision": ("decision",),
    "correct": ("corriger", "correct"),
    "role": ("role",),
    "vacant": ("vacants", "vacant"),
    "handover": ("releve", "handover"),
    "deviation": ("ecart", "deviation"),
    "task": ("tache", "task"),
    "finish": ("fini", "finish"),
    "blocked": ("bloque", "blocked"),
    "skip": ("sauter", "skip"),
    "goto": ("aller", "goto"),
    "presence": ("presence", "here"),
    "rollcall": ("appel", "rollcall"),
    "directory": ("annuaire", "directory"),
    "activity": ("activite", "activity"),
    "application": ("application",),
    "clock": ("horloge", "clock"),
    "t0": ("t0",),
    "channel": ("canal", "channel"),
    "say": ("dire", "say"),
    "enroll": ("enroler", "enroll"),
    "bind": ("ici", "bind"),
    "severity": ("gravite", "severity"),
    "start": ("ouvrir", "start"),
    "join": ("rejoindre", "join"),
    "abandon": ("abandonner", "abandon"),
    "roster": ("liste", "roster"),
    "message": ("message",),
    "situation": ("point", "sitrep"),
    "timeline": ("chrono", "timeline"),
    "export": ("exporter", "export"),
    "erase": ("effacer", "erase"),
    "close": ("clore", "close"),
    "reopen": ("rouvrir", "reopen"),
    "quiz": ("quiz",),
    "holder": ("titulaire", "holder"),
    "details": ("coordonnees", "reachable"),
    "help": ("aide", "help", "?"),
    "quit": ("quitter", "quit", "exit"),
}

BY: Final = ("par", "for")
"""`par PERSONNE …`: done by another, entered by me."""

YES: Final = ("oui", "o", "ok", "d accord", "yes", "y")
NO: Final = ("non", "n", "no")

_MEANINGS: Final = {word: meaning for meaning, words in WORDS.items() for word in words}
PLAIN = re.compile(r"[^a-z0-9?]+")


def plain(text: str) -> str:
    """A text as it is compared: no accents, no capitals, words with one space between."""
    stripped = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return PLAIN.sub(" ", stripped.casefold()).strip()


def is_number(text: str) -> bool:
    """Whether this is a small number in plain figures."""
    return re.fullmatch(r"[0-9]{1,6}", text) is not None


def find_word(word: str) -> tuple[str, ...]:
    """The meanings that a typed word may have: one if it is exact or an unambiguous beginning, else all it begins."""
    typed = plain(word.lstrip("/"))
    if typed in _MEANINGS:
        return (_MEANINGS[typed],)
    if len(typed) < 3:
        return ()
    return tuple(dict.fromkeys(m for known, m in _MEANINGS.items() if known.startswith(typed)))


def is_word(word: str) -> bool:
    """Whether this is one of the words, in full: what nobody types by chance at the start of a sentence."""
    return plain(word.lstrip("/")) in _MEANINGS


def close_words(word: str, known: Iterable[str] = ()) -> tuple[str, ...]:
    """Words that look like this one, closest first."""
    from difflib import get_close_matches

    listed = {plain(one): one for one in (*_MEANINGS, *known)}
    return tuple(listed[one] for one in get_close_matches(plain(word), listed, n=3, cutoff=0.65))
