"""`timeline.html`: one file, to read on a phone and to print; no script, nothing fetched, nothing that can act.

The page forbids itself any script and any address: what somebody typed in the log can't call out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import Final

from engine.review.dossier import Dossier
from engine.review.exports.outline import Listing, Outline, Table, Told, outline
from engine.review.exports.picture import picture

__all__ = ["html"]

_HELD: Final = re.compile("(?<=«) | (?=[;:!?»])")


def html(dossier: Dossier) -> str:
    """The whole page."""
    told = outline(dossier)
    style = files(__package__).joinpath("page.css").read_text("utf-8")
    body = "".join(_body(dossier, told))
    mark = f'<div class="watermark" aria-hidden="true">{_safe(told.mark)}</div>' if told.mark else ""
    return (
        f'<!doctype html>\n<html lang="{told.lang}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{_safe(told.title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>{mark}\n{body}</body>\n</html>\n"
    )


def _body(dossier: Dossier, told: Outline) -> Iterator[str]:
    yield f'<header id="top"><h1>{_safe(told.title)}</h1>\n'
    if told.banner:
        yield f'<p class="banner">{_safe(told.banner)}</p>\n'
    yield f'<ul class="facts">{"".join(f"<li>{_safe(fact)}</li>" for fact in told.facts)}</ul>\n'
    yield "".join(f'<p class="warning">{_safe(one)}</p>' for one in told.warnings) + "</header>\n"
    yield from _contents(dossier, told)
    yield from _picture(dossier)
    for number, listing in enumerate(told.listings):
        yield from _listing(told, listing, f"l{number}")
    for number, table in enumerate(told.tables):
        yield from _table(table, f"m{number}")
    if told.tasks:
        yield f'<section id="tasks"><h2>{_safe(told.tasks_title)}</h2><ul class="tasks">'
        yield "".join(f"<li><bdi>{_safe(task)}</bdi></li>" for task in told.tasks)
        yield "</ul></section>\n"
    yield from _entries(told)
    yield f'<section id="proof"><h2>{_safe(told.proof_title)}</h2>'
    yield "".join(f"<p>{_coded(_safe(one))}</p>" for one in told.proof)
    yield "</section>\n"


def _contents(dossier: Dossier, told: Outline) -> Iterator[str]:
    links = [
        *((f"l{n}", f"{one.title} ({len(one.lines)})") for n, one in enumerate(told.listings)),
        *((f"m{n}", one.title) for n, one in enumerate(told.tables)),
        *([("tasks", f"{told.tasks_title} ({len(told.tasks)})")] if told.tasks else []),
        ("entries", f"{told.entries_title} ({len(dossier.lines)})"),
        ("proof", told.proof_title),
    ]
    yield f'<nav aria-label="{_safe(dossier.speech.say("exports.page.contents"))}"><ul>'
    yield "".join(f'<li><a href="#{name}">{_safe(title)}</a></li>' for name, title in links)
    yield "</ul></nav>\n"


def _picture(dossier: Dossier) -> Iterator[str]:
    drawn = picture(dossier)
    if drawn:
        say = dossier.speech.say
        yield f"<section><h2>{_safe(say('exports.picture.title'))}</h2><figure>{drawn}"
        yield f"<figcaption>{_safe(say('exports.picture.read'))}</figcaption></figure></section>\n"


def _listing(told: Outline, listing: Listing, name: str) -> Iterator[str]:
    yield f'<section id="{name}"><h2>{_safe(listing.title)}</h2>'
    if not listing.lines:
        yield f"<p>{_safe(told.none)}</p></section>\n"
        return
    yield f'<ul class="listing{" deviations" if listing.alarm else ""}">'
    for line in listing.lines:
        yield (
            f'<li><a href="#n{line.number}">{_safe(line.hour)}</a> · <bdi>{_safe(line.who)}</bdi> · {_what(line)}'
            "</li>"
        )
    yield "</ul></section>\n"


def _table(table: Table, name: str) -> Iterator[str]:
    heads = "".join(f'<th scope="col">{_safe(one)}</th>' for one in table.columns)
    yield f'<section id="{name}"><h2>{_safe(table.title)}</h2><table class="measures"><thead><tr>{heads}</tr></thead>'
    for row, alarm in zip(table.rows, table.alarms, strict=True):
        cells = "".join(
            f'<td data-name="{_safe(column)}">{_safe(cell)}</td>'
            for column, cell in zip(table.columns, row, strict=True)
        )
        yield f'<tr class="alarm">{cells}</tr>' if alarm else f"<tr>{cells}</tr>"
    yield "</table></section>\n"


def _entries(told: Outline) -> Iterator[str]:
    yield f'<section id="entries"><h2>{_safe(told.entries_title)}</h2>'
    yield f'<p class="legend"><b>{_safe(told.legend_title)}.</b> {_safe(told.legend)}</p>\n'
    heads = "".join(f'<th scope="col">{_safe(one)}</th>' for one in told.columns)
    for day in told.days:
        yield f'<h3>{_safe(day.title)}</h3><table class="log"><thead><tr>{heads}</tr></thead>\n'
        for line in day.lines:
            yield (
                f'<tr id="n{line.number}"{f" class={line.mark}" if line.mark else ""}><td>{line.number}</td>'
                f'<td>{_safe(line.hour)}</td><td dir="auto">{_safe(line.who)}</td><td>{_what(line)}</td></tr>\n'
            )
        yield "</table>\n"
    yield "</section>\n"


def _what(line: Told) -> str:
    text = f"<bdi>{_safe(line.text)}</bdi>"
    if line.corrected_by:
        corrected = _safe(line.corrected)
        for number in line.corrected_by:
            corrected = corrected.replace(str(number), f'<a href="#n{number}">{number}</a>', 1)
        return f"<s>{text}</s> ({corrected})"
    return {"loud": f"⚠ <b>{text}</b>", "decision": f"<b>{text}</b>"}.get(line.mark, text)


def _coded(text: str) -> str:
    """What stands between back quotes is to be copied as it is."""
    parts = text.split("`")
    return "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))


def _safe(text: str) -> str:
    """Text that stays text; no line begins with a sign of punctuation."""
    return escape(_HELD.sub("\u00a0", text))
