"""A file read for a check: its tree, and everything that its lines and its parser complain about, each thing once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from engine.library.finding import Finding, Severity
from engine.library.fix import mended_in_place
from engine.library.parsererror import PARSER_RULES
from engine.library.rawlines import scan
from engine.library.slips import Slip
from engine.library.source import decoded, read_bytes
from engine.library.yamltree import Document, compose

__all__ = ["MILD", "examined", "read_for_check"]

MILD: Final[dict[str, Severity]] = {"space_before_colon": "warning", "tab": "warning"}
"""Slips that change nothing, but that some parser or some reader trips over."""

_SAME_CAUSE: Final = PARSER_RULES | {"alias", "anchor", "tag", "complex_key"}
_BOUNDS: Final = frozenset({"too_deep", "too_many_nodes"})
_MAY_STOP: Final = frozenset({"dash_without_space", "flow_question", "hard_space", "tab"})
"""Slips that one parser reads and another doesn't, or that only what follows makes unreadable."""
_OTHERWISE: Final = frozenset({"flow_no_comma"})
"""Slips that make a tree which says something else: what was meant is what is checked."""
_OPEN_ENDED: Final = frozenset({"unclosed_quote", "unclosed_flow", "block_indent", "tab_indent"})


def read_for_check(path: Path, shown: str | None = None, *, texts_in_flow: bool = False) -> Document:
    """Read a file and all that is wrong with its YAML; an OSError when it can't be opened."""
    shown = shown or str(path)
    content = read_bytes(path, shown)
    if isinstance(content, Finding):
        return Document(path=shown, findings=[content])
    return examined(content, shown, texts_in_flow=texts_in_flow)


def examined(content: bytes, shown: str, *, texts_in_flow: bool = False) -> Document:
    """The same for bytes already read.

    When the parser stopped, or read something else, but the lines show how to mend the file, the mended tree is
    given beside the findings: a missing quote on line 5 must not hide an unknown key on line 50.
    """
    text = decoded(content, shown)
    if isinstance(text, Finding):
        return Document(path=shown, findings=[text])
    document = compose(text, shown)
    if any(one.rule in _BOUNDS for one in document.findings):
        return document
    slips = scan(text, parsed=not document.findings, texts_in_flow=texts_in_flow)
    if slips and (document.tree is None or any(slip.rule in _OTHERWISE for slip in slips)):
        guess = compose(mended_in_place(text, slips), shown)
        if not guess.findings:
            document.tree, document.places = guess.tree, guess.places
    document.findings = [
        *(one for one in document.findings if not _explained(one, slips)),
        *(_finding(slip, shown) for slip in slips),
    ]
    return document


def _explained(finding: Finding, slips: list[Slip]) -> bool:
    """Whether a slip says better what this finding says."""
    if finding.rule not in _SAME_CAUSE:
        return False
    return any(
        (slip.stops_reading or slip.rule in _MAY_STOP)
        and (
            slip.line == finding.line
            or slip.line == finding.line - 1
            or (slip.rule in _OPEN_ENDED and slip.line <= finding.line)
        )
        for slip in slips
    )


def _finding(slip: Slip, shown: str) -> Finding:
    return Finding(
        area="lint_yaml",
        rule=slip.rule,
        path=shown,
        line=slip.line,
        column=slip.column,
        facts=slip.facts,
        severity=MILD.get(slip.rule, "error"),
    )
