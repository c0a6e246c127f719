"""Find personal data in what people wrote: numbers by their form, names by the directory.

Too much rather than too little: a number that looks like a telephone's is one. Every pattern is bounded, for a text may
hold 40,000 characters without a space. What has no form (a name that the directory doesn't have, what somebody suffers
from in other words) can't be found: docs/audiences.md says so, and so does each copy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Final

__all__ = ["Scrubber"]

_SPACE: Final = r"[ .\-/\u00a0\u202f]"
_NAMED: Final = r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,40}"

_MAIL: Final = re.compile(r"(?<![\w.+@-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ \u00a0\u202f-]?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
_RIB: Final = re.compile(
    r"(?<![^\W_])\d{5}[ \u00a0]?\d{5}[ \u00a0]?[0-9A-Z]{11}[ \u00a0]?\d{2}(?![0-9A-Za-z])"
)
_CARD: Final = re.compile(r"(?<![^\W_])[3-6](?:[ \u00a0-]?\d){12,18}(?![^\W_])")
_NIR: Final = re.compile(
    r"(?<![^\W_])[12][ \u00a0]?\d{2}[ \u00a0]?(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)[ \u00a0]?(?:\d{2}|2[AB])"
    r"[ \u00a0]?\d{3}[ \u00a0]?\d{3}(?:[ \u00a0]?\d{2})?(?![^\W_])"
)
_PHONE: Final = re.compile(
    rf"(?<![^\W_])(?<!\+)(?:0[1-9](?:{_SPACE}?\d{{2}}){{4}}(?!\d)"
    rf"|(?:\+|00{_SPACE}?)[1-9]\d{{0,2}}{_SPACE}?(?:\(0\){_SPACE}?)?\d(?:{_SPACE}?\d){{6,12}}(?!\d))"
)
_BIRTH: Final = re.compile(
    r"\bn[ée](?:\(e\)|e)?\s{1,3}le\s{1,3}\d{1,2}(?:er)?[\s/.-]{1,3}\w{1,10}[\s/.-]{1,3}\d{2,4}", re.IGNORECASE
)
_CHILD: Final = re.compile(
    rf"\b((?i:enfant|[ée]l[èe]ve|mineure?|[ée]coli[eè]re?|fillette|gar[çc]on|b[ée]b[ée]))\s{{1,3}}{_NAMED}"
    rf"(?:\s{_NAMED})?"
)
_TITLED: Final = re.compile(
    rf"\b(MM?\.|Mmes?|Mlle|Dr|Me|Pr|Monsieur|Madame|Mademoiselle|Maître|Docteur)(\s{{1,3}}){_NAMED}(?:\s{_NAMED})?"
)
_HEALTH: Final = re.compile(
    r"\b(?:dialys|diab[ée]t|insulin|sous oxyg[èe]ne|oxyg[ée]noth|respirateur|hospitalis|[ée]pilep|asthm|allergi"
    r"|enceinte\b|grossesse|cancer|chimioth|handicap|invalidit|patholog|s[ée]roposit|d[ée]pressi|arr[êe]t maladie"
    r"|ordonnance m|ant[ée]c[ée]dents? m|traitement m[ée]dic|maladie)",
    re.IGNORECASE,
)

_SHORTEST_SECRET: Final = 4
"""A shorter answer ("oui", "12") stands in any text."""
_ACCENTED: Final = {
    "a": "aàâä", "c": "cç", "e": "eéèêë", "i": "iîï", "o": "oôö", "u": "uùûü", "y": "yÿ",
}  # fmt: skip
_PLAIN: Final = {variant: plain for plain, all_ in _ACCENTED.items() for variant in all_}


class Scrubber:
    """Takes types of data out of texts. `hole` says in the reader's words what stood there."""

    def __init__(
        self,
        types: Collection[str],
        names: Mapping[str, str],
        hole: Callable[[str], str],
        secrets: Collection[str] = (),
    ) -> None:
        """`names`: each name by which somebody is called, and the role to put in its place.

        `secrets`: answers to sensitive questions, wherever they were written again.
        """
        self.types, self._hole = frozenset(types), hole
        told = sorted(
            {one for one in secrets if len(one) >= _SHORTEST_SECRET}, key=lambda one: (-len(one), one)
        )
        self._secrets = re.compile("|".join(map(re.escape, told)), re.IGNORECASE) if told else None
        self._roles = {_folded(name): role for name, role in names.items()}
        spelt = sorted(map(_spelling, names), key=len, reverse=True)
        self._names = (
            re.compile(rf"(?<![^\W_])(?:{'|'.join(spelt)})(?![^\W_])", re.IGNORECASE) if spelt else None
        )

    def scrub(self, text: str, removed: Counter[str]) -> str:
        """The text without them; what was taken out is counted by type."""
        if "health" in self.types and _HEALTH.search(text):
            removed["health"] += 1  # of whom it speaks can't be told apart from what it says: the whole goes
            return self._hole("health")
        for type_, pattern, holds in (
            ("mail", _MAIL, None),
            ("account", _IBAN, None),
            ("account", _RIB, None),
            ("account", _CARD, _luhn),
            ("nir", _NIR, None),
            ("phone", _PHONE, None),
            ("birth", _BIRTH, None),
        ):
            if type_ in self.types:
                text = self._without(type_, pattern, text, removed, holds)
        if "sensitive" in self.types and self._secrets:
            text = self._without("sensitive", self._secrets, text, removed, None)
        if "child" in self.types:
            text = self._named("child", _CHILD, text, removed, r"\1 ")
        if "name" in self.types:
            text = self._called(text, removed)
            text = self._named("name", _TITLED, text, removed, r"\1\2")
        return text

    def _without(
        self,
        type_: str,
        pattern: re.Pattern[str],
        text: str,
        removed: Counter[str],
        holds: Callable[[str], bool] | None,
    ) -> str:
        def one(found: re.Match[str]) -> str:
            if holds is not None and not holds(found[0]):
                return found[0]
            removed[type_] += 1
            return self._hole(type_)

        return pattern.sub(one, text)

    def _named(
        self, type_: str, pattern: re.Pattern[str], text: str, removed: Counter[str], kept: str
    ) -> str:
        def one(found: re.Match[str]) -> str:
            removed[type_] += 1
            return f"{found.expand(kept)}{self._hole(type_)}"

        return pattern.sub(one, text)

    def _called(self, text: str, removed: Counter[str]) -> str:
        def one(found: re.Match[str]) -> str:
            removed["name"] += 1
            role = self._roles.get(_folded(found[0]))  # none for a letter that only looks the same: ſ for s
            return f"[{role}]" if role else self._hole("name")

        return self._names.sub(one, text) if self._names else text


def _spelling(name: str) -> str:
    """A name with or without its accents; a space may be any."""
    return "".join(
        r"[\s\u00a0_-]" if letter in " _-" else f"[{_ACCENTED.get(letter, re.escape(letter))}]"
        for letter in _folded(name)
    )


def _folded(name: str) -> str:
    return re.sub(r"[\s\u00a0_-]", " ", "".join(_PLAIN.get(c, c) for c in name.lower()))


def _luhn(number: str) -> bool:
    """Whether the last figure of a card's number fits the others."""
    figures = [int(c) for c in reversed(number) if c.isdigit()]
    doubled = (sum(divmod(2 * one, 10)) for one in figures[1::2])
    return (sum(figures[::2]) + sum(doubled)) % 10 == 0
