"""The YAML parser's own errors, in words that say what to do.

libyaml and PyYAML word the same mistake differently; both are known here. A rule that ends in `_here` is where the
parser gave up: when the raw lines show the cause on the same line, `reading` keeps the cause and drops this.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from engine.library.finding import Finding

__all__ = ["PARSER_RULES", "explained", "stopped_at_depth"]

# The first pattern found in "context: problem" names the rule.
_KNOWN: Final = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (r"unexpected end of stream", "unclosed_quote"),
        (r"document (indicator|separator)", "unclosed_quote"),
        (r"tab character|'\\t'", "tab_here"),
        (r"mapping values (are )?not allowed", "colon_here"),
        (r"sequence entries (are )?not allowed", "dash_here"),
        (r"mapping keys (are )?not allowed", "question_here"),
        (r"escape character|hexdecimal|escape sequence", "escape_here"),
        (r"block scalar.*(comment|line break|indentation)", "block_here"),
        (r"anchor|alias|alphabetic or numeric", "anchor_here"),
        (r"tag|handle|URI", "tag_here"),
        (r"directive|<document start>", "directive_here"),
        (r"flow (mapping|sequence)", "flow_here"),
        (r"expected '-' indicator|block collection", "indent_here"),
        (r"block mapping", "key_here"),
        (r"expected ':'", "no_colon_here"),
        (r"cannot start any token|node content", "start_here"),
    )
)
PARSER_RULES: Final = frozenset(rule for _, rule in _KNOWN) | {"unreadable"}
_AT_ITS_START: Final = frozenset({"unclosed_quote"})


def stopped_at_depth(error: yaml.YAMLError) -> tuple[int, int] | None:
    """Where the parser met a nesting beyond its own bound (PyYAML 6.0.4 and later), before ours was counted."""
    return _place(error, "too_deep") if "nesting depth" in str(getattr(error, "problem", "")) else None


def explained(error: yaml.YAMLError, path: str) -> Finding:
    """The finding that a parser's error becomes."""
    problem = f"{getattr(error, 'context', None) or ''}: {getattr(error, 'problem', None) or error}"
    rule = next((rule for pattern, rule in _KNOWN if pattern.search(problem)), "unreadable")
    line, column = _place(error, rule)
    return Finding(
        area="lint_yaml",
        rule=rule,
        path=path,
        line=line,
        column=column,
        facts={"parser": " ".join(problem.split())[:200].lstrip(": ")},
    )


def _place(error: Any, rule: str) -> tuple[int, int]:
    mark = getattr(error, "problem_mark", None)
    if rule in _AT_ITS_START:
        mark = getattr(error, "context_mark", None) or mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
