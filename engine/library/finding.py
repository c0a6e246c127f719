"""A finding: something wrong in a written file, where it is, and what to write instead.

A finding carries a rule and facts, never words: these come from the catalogue, `lint_yaml.<rule>` for what reading
and shape find, `lint.<rule>` for what the linter proves, `lint_pca.<rule>` for what doesn't hold together in the
continuity register. Every renderer prints the same sentence.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, Literal

from engine.i18n import Words
from engine.visible import harmless

__all__ = ["RENDERERS", "Area", "Finding", "Severity", "closest", "fails", "message", "ordered", "render"]

Severity = Literal["error", "warning", "info"]
Area = Literal["lint", "lint_yaml", "lint_pca", "lint_town"]

_FAILING: Final = frozenset({"error", "warning"})
_NAMED: Final = frozenset(
    "tracks steps outcomes facts messages clocks people roles fallback duties contacts activities "
    "applications premises suppliers risks measures procedures".split()
)
"""Keys whose value gives a name to each of the things it holds."""
_SHOWN: Final = 120
"""A fact longer than this is cut in a sentence: a hostile file must not fill the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend. Lines and columns count from 1."""

    rule: str
    path: str
    line: int = 1
    column: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"
    suggestion: str | None = None
    """The name that was probably meant."""
    area: Area = "lint"

    @property
    def key(self) -> str:
        """Where its words are in the catalogue."""
        return f"{self.area}.{self.rule}"


def closest(word: str, names: Iterable[str]) -> str | None:
    """The name that a person who wrote `word` probably meant, if any is near; of two as near, the first."""
    # Of three letters two in common mean nothing: `dgs` is not `dsi`.
    least = 0.6 if len(word) > 4 else 0.75
    found, best = None, 0.0
    matcher = difflib.SequenceMatcher()
    matcher.set_seq2(word[:_SHOWN].casefold())
    for name in names:
        matcher.set_seq1(name.casefold())
        if matcher.quick_ratio() > best and (score := matcher.ratio()) >= least and score > best:
            found, best = name, score
    return found


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """By file, then by place; the same thing said twice at the same place is said once."""
    seen: dict[tuple[Any, ...], Finding] = {}
    for one in findings:
        seen.setdefault((one.path, one.line, one.column, one.key, str(one.facts)), one)
    return sorted(seen.values(), key=lambda one: (one.path, one.line, one.column, one.rule))


def fails(findings: Iterable[Finding]) -> bool:
    """Whether these findings make a check fail: a note (`info`) alone doesn't."""
    return any(one.severity in _FAILING for one in findings)


def message(finding: Finding, words: Words) -> str:
    """The sentence, with what was probably meant at its end."""
    facts = {name: _shown(value) for name, value in finding.facts.items()}
    if "where" in facts:
        facts["where"] = _where(finding.facts["where"], words)
    said = words.say(finding.key, **facts)
    if finding.suggestion is None:
        return said
    return words.say("lint_yaml.with_suggestion", said=said, suggestion=_shown(finding.suggestion))


def render(findings: Iterable[Finding], form: str, words: Words) -> str:
    """All findings in one of the three forms of `RENDERERS`; a KeyError for another."""
    return RENDERERS[form](ordered(findings), words)


def _text(findings: list[Finding], words: Words) -> str:
    return "".join(
        harmless(f"{one.path}:{one.line}:{one.column}: {_told(one, words)}") + "\n" for one in findings
    )


def _told(finding: Finding, words: Words) -> str:
    said = message(finding, words)
    if finding.severity == "error":
        return said
    return f"{words.say(f'lint_yaml.severity_{finding.severity}')}{said}"


def _json(findings: list[Finding], words: Words) -> str:
    rows = [
        {
            "path": one.path,
            "line": one.line,
            "column": one.column,
            "rule": one.rule,
            "severity": one.severity,
            "message": message(one, words),
            "suggestion": one.suggestion,
            "facts": dict(one.facts),
        }
        for one in findings
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2, default=str) + "\n"


def _github(findings: list[Finding], words: Words) -> str:
    kinds = {"error": "error", "warning": "warning", "info": "notice"}
    return "".join(
        f"::{kinds[one.severity]} file={_property(one.path)},line={one.line},col={one.column},"
        f"title={_property(one.rule)}::{_escaped(harmless(message(one, words)))}\n"
        for one in findings
    )


RENDERERS: Final = {"text": _text, "json": _json, "github": _github}


def _shown(value: object) -> object:
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(str(one) for one in value)
    if not isinstance(value, str):
        return value
    flat = " ".join(value.split())
    return flat if len(flat) <= _SHOWN else f"{flat[: _SHOWN - 1]}…"


def _where(path: Iterable[str | int], words: Words) -> str:
    """The part of the file that a path leads to, as its readers call it; nothing at the top."""
    parts = list(path)
    named = [
        words.say(f"lint_yaml.place.{holder}", name=name)
        for holder, name in pairwise(parts)
        if holder in _NAMED and isinstance(name, str)
    ]
    rest = ".".join(str(part) for part in parts[-1:] if isinstance(part, str) and part not in _NAMED)
    if rest and (len(parts) < 2 or parts[-2] not in _NAMED):
        named.append(words.say("lint_yaml.place.key", name=rest))
    return words.say("lint_yaml.place.before", place=", ".join(named[-2:])) if named else ""


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
