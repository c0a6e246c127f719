"""`timeline.md`: the main courante that a mayor reads, prints and signs.

Days are headings, a day is a table; both times are there, corrections are struck and linked, what was done outside the
procedure leaps to the eye. Then what is measured (activities, legal clocks), what remains, and how to verify.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.review.dossier import Dossier
from engine.review.exports.outline import Listing, Outline, Table, Told, outline

__all__ = ["markdown"]


def markdown(dossier: Dossier) -> str:
    """The whole document, ending with a line break."""
    told = outline(dossier)
    parts = (
        _header(told),
        [f"**{told.legend_title}.** {told.legend}"],
        *(_listed(dossier, told, one) for one in told.listings),
        *(_measured(one) for one in told.tables),
        [f"## {told.tasks_title}", "", *(f"- [ ] {_cell(row)}" for row in told.tasks)] if told.tasks else [],
        _entries(dossier, told),
        [f"## {told.proof_title}", "", "\n\n".join(told.proof)],
    )
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _header(told: Outline) -> list[str]:
    banner = [f"> **{told.banner}**", ""] if told.banner else []
    facts = [*(f"- {_cell(fact)}" for fact in told.facts), *(f"- **{_cell(one)}**" for one in told.warnings)]
    return [f"# {_cell(told.title)}", "", *banner, *facts]


def _listed(dossier: Dossier, told: Outline, listing: Listing) -> list[str]:
    rows = [f"- {line.hour} · {_cell(line.who)} · {_what(dossier, line)}" for line in listing.lines]
    return [f"## {listing.title}", "", *(rows or [told.none])]


def _measured(table: Table) -> list[str]:
    return [f"## {table.title}", "", *_table(table.columns, [list(map(_cell, row)) for row in table.rows])]


def _entries(dossier: Dossier, told: Outline) -> list[str]:
    lines = [f"## {told.entries_title}"]
    for day in told.days:
        lines += ["", f"### {day.title}", "", *_table(told.columns, _rows(dossier, day))]
    return lines


def _rows(dossier: Dossier, day: Listing) -> list[list[str]]:
    return [
        [
            f'<a id="n{line.number}"></a>{line.number}',
            _cell(line.hour),
            _cell(line.who),
            _what(dossier, line),
        ]
        for line in day.lines
    ]


def _what(dossier: Dossier, line: Told) -> str:
    text = _cell(line.text)
    if line.corrected_by:
        links = ", ".join(f"[{n}](#n{n})" for n in line.corrected_by)
        return f"~~{text}~~ ({dossier.speech.say('timeline.line.corrected', entry=links)})"
    return {"loud": f"⚠ **{text}**", "decision": f"**{text}**"}.get(line.mark, text)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _cell(text: str) -> str:
    """Text that stays text in a table of Markdown: nothing that a person typed draws a link, a column or a tag."""
    for sign in "\\`*_[]<>|~#":
        text = text.replace(sign, f"\\{sign}")
    return "<br>".join(text.splitlines())
