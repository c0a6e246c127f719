"""The incident in one picture, as SVG: a lane for each track, one for each activity stopped, one for each legal clock.

Across, shares of the width (`%`): the signs keep their size on a phone, on a screen and on paper. Time is even: what
took an hour is as wide as any other hour. A clock that falls due beyond the last entry says when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from html import escape
from itertools import pairwise
from typing import Final

from engine.core.quantities import HOUR, MINUTE, Instant
from engine.i18n import clock_time, duration, moment
from engine.review.dossier import Dossier
from engine.review.timeline import Line
from engine.visible import harmless

__all__ = ["picture"]

_LANE: Final = 33
"""Pixels from one lane to the next: its name, then its bar."""
_TOP: Final = 28
_BAR: Final = (15, 13)
"""Of the bar in its lane: from where, how high."""
_BOUNDS: Final = ("track_opened", "outcome_picked", "track_moved", "track_ended")
_PACES: Final = (
    *(minutes * MINUTE for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * HOUR for hours in (1, 2, 3, 6, 12, 24, 48, 168, 336, 720, 2160)),
)  # fmt: skip
_MARKS: Final = 5
"""Hours written on the axis, at most."""
_STEPS: Final = 400
"""Marks closer to each other than this share of the width are one."""


@dataclass(slots=True, kw_only=True)
class _Bar:
    begins: Instant
    ends: Instant
    title: str
    look: str
    """A class of the style: step, step2, down, clock, late."""
    label: str = ""


@dataclass(slots=True, kw_only=True)
class _Lane:
    name: str
    bars: list[_Bar] = field(default_factory=list)
    marks: list[tuple[Instant, str, str]] = field(default_factory=list)
    """When, its look, its title."""
    end: str = ""
    """Said at the right end: when it falls due, beyond the picture."""


@dataclass(slots=True, frozen=True)
class _Span:
    begins: Instant
    ends: Instant

    def at(self, instant: Instant) -> float:
        """The share of the width, from 1 to 99: a sign at either end is whole."""
        share = (instant - self.begins) / (self.ends - self.begins)
        return round(1 + 98 * min(max(share, 0), 1), 2)


def picture(dossier: Dossier, *, width: int = 0) -> str:
    """The drawing, or nothing when there is nothing to draw. `width`: in pixels, for what can't stretch."""
    if not dossier.lines:
        return ""
    span = _span(dossier)
    lanes = [*_tracks(dossier, span), *_activities(dossier, span), *_clocks(dossier, span)]
    if not lanes:
        return ""
    height = _TOP + _LANE * len(lanes) + 8
    size = f'viewBox="0 0 {width} {height}" width="{width}"' if width else 'width="100%"'
    title = escape(dossier.speech.say("exports.picture.title"))
    drawn = [
        *_axis(dossier, span, height),
        *(d for n, lane in enumerate(lanes) for d in _lane(lane, n, span)),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} height="{height}" role="img" aria-label="{title}">'
        f"<title>{title}</title><style>{_STYLE}</style>{''.join(drawn)}</svg>"
    )


def _span(dossier: Dossier) -> _Span:
    happened = [line.happened for line in dossier.lines]
    ended = [one.ended for one in dossier.activities if one.ended]
    begins, ends = min(happened), max([*happened, *ended])
    return _Span(begins, max(ends, begins + MINUTE))


# The lanes


def _tracks(dossier: Dossier, span: _Span) -> list[_Lane]:
    found: dict[tuple[int, str], list[Line]] = {}
    for line in dossier.lines:
        found.setdefault((line.where.run, line.where.track), []).append(line)
    loose = [line for (_, track), lines in found.items() if not track for line in lines]
    tracks = {key: lines for key, lines in found.items() if key[1]}
    several = len({run for run, _ in tracks}) > 1
    lanes = [_track(dossier, span, key, lines, several) for key, lines in tracks.items()]
    notable = [line for line in loose if line.decision or line.loud]
    if notable:
        lanes.append(_Lane(name=dossier.speech.say("exports.picture.loose"), marks=_marks(dossier, notable)))
    return lanes


def _track(
    dossier: Dossier, span: _Span, key: tuple[int, str], lines: Sequence[Line], several: bool
) -> _Lane:
    place = lines[0].where
    name = " · ".join((place.runbook_title, place.track_title)) if several else place.track_title
    bars: list[_Bar] = []
    # Of an extract the ends of a step may be missing: it has marks, no bars.
    bounds = [] if dossier.extract else [line for line in lines if line.kind in _BOUNDS]
    for begin, end in pairwise(bounds):
        _step(dossier, bars, begin.happened, end.happened, end.where.step_title)
    run = dossier.incident.runs.get(key[0])
    state = run.tracks.get(key[1]) if run else None
    if bounds and run and state and state.open and state.cursor:
        title = dossier.scene.definition(run).step(key[1], state.cursor.step).title
        _step(dossier, bars, bounds[-1].happened, span.ends, title)
    for number, bar in enumerate(bars):
        bar.look = "step2" if number % 2 else "step"
    return _Lane(name=name, bars=bars, marks=_marks(dossier, lines))


def _step(dossier: Dossier, bars: list[_Bar], begins: Instant, ends: Instant, title: str) -> None:
    """One more visit of a step; an outcome that stays at the step prolongs the bar."""
    if bars and bars[-1].label == title and bars[-1].ends == begins:
        bars[-1].ends = ends
        begins = bars[-1].begins
        bars.pop()
    if ends <= begins:
        return  # left at once: its mark tells
    lasted = duration(ends - begins, dossier.speech.words.lang)
    told = f"{title} · {dossier.speech.dated(begins)} → {dossier.speech.dated(ends)} ({lasted})"
    bars.append(_Bar(begins=begins, ends=ends, title=told, look="step", label=title))


def _marks(dossier: Dossier, lines: Iterable[Line]) -> list[tuple[Instant, str, str]]:
    return [
        (
            line.happened,
            "loud" if line.loud else "decision",
            f"n° {line.number} · {dossier.speech.dated(line.happened)} · {line.text[:200]}",
        )
        for line in lines
        if line.loud or line.decision
    ]


def _activities(dossier: Dossier, span: _Span) -> Iterator[_Lane]:
    say, ends = dossier.speech.say, span.ends
    for one in dossier.activities:
        if not one.begun:
            continue
        lane = _Lane(name=say("exports.picture.activity", activity=one.title))
        lasted = duration(one.lasted, dossier.speech.words.lang)
        lane.bars.append(
            _Bar(begins=one.begun, ends=one.ended or ends, title=lasted, look="down", label=lasted)
        )
        lane.marks += [
            (
                limit.at,
                "late" if limit.state == "missed" else "limit",
                f"{name} · {dossier.speech.dated(limit.at)}",
            )
            for name, limit in (("RTO", one.rto), ("DMIA", one.dmia))
            if limit and limit.at <= ends
        ]
        yield lane


def _clocks(dossier: Dossier, span: _Span) -> Iterator[_Lane]:
    say, ends = dossier.speech.say, span.ends
    for clock in dossier.clocks:
        lane = _Lane(name=say("exports.picture.clock", clock=clock.title))
        over = clock.stopped or (min(clock.due, ends) if clock.due else ends)
        look = "late" if clock.breached else "clock"
        lane.bars.append(_Bar(begins=clock.start, ends=max(over, clock.start), title=clock.title, look=look))
        if clock.stopped:
            lane.marks.append((clock.stopped, "done", dossier.speech.dated(clock.stopped)))
        if clock.due > ends and not clock.stopped:
            lane.end = say("exports.picture.later", at=dossier.speech.dated(clock.due))
        elif clock.due and clock.due <= ends:
            lane.marks.append(
                (clock.due, "late" if clock.breached else "limit", dossier.speech.dated(clock.due))
            )
        yield lane


# Drawing


def _axis(dossier: Dossier, span: _Span, height: int) -> Iterator[str]:
    speech = dossier.speech
    previous: Instant = 0
    for instant in _hours(span, speech.zone):
        x = span.at(instant)
        words = moment(instant, previous or instant + 30 * 24 * HOUR, speech.zone, speech.words.lang)
        if previous and words != clock_time(instant, speech.zone, speech.words.lang):
            words = speech.dated(instant)
        anchor = "start" if x < 8 else "end" if x > 92 else "middle"
        yield f'<line class="grid" x1="{x}%" x2="{x}%" y1="20" y2="{height}"/>'
        yield f'<text class="hour" x="{x}%" y="13" text-anchor="{anchor}">{escape(words)}</text>'
        previous = instant


def _hours(span: _Span, zone: tzinfo) -> list[Instant]:
    """Round hours of the town, a few of them."""
    length = span.ends - span.begins
    pace = next((one for one in _PACES if length / one <= _MARKS), length)
    first = datetime.fromtimestamp(span.begins / 1000, UTC).astimezone(zone)
    midnight = datetime.combine(first.date(), datetime.min.time(), first.tzinfo)
    start = round(midnight.astimezone(UTC).timestamp() * 1000)
    begin = start + -(-(span.begins - start) // pace) * pace
    return list(range(begin, span.ends + 1, pace)) or [span.begins]


def _lane(lane: _Lane, number: int, span: _Span) -> Iterator[str]:
    top = _TOP + number * _LANE
    yield f'<text class="name" x="1%" y="{top + 11}">{escape(harmless(lane.name))}</text>'
    if lane.end:
        yield f'<text class="hour" x="99%" y="{top + 11}" text-anchor="end">{escape(lane.end)}</text>'
    y, height = top + _BAR[0], _BAR[1]
    yield f'<rect class="lane" x="1%" y="{y}" width="98%" height="{height}"/>'
    for bar in lane.bars:
        yield from _drawn(bar, span, y, height)
    for x, (look, title) in _apart(lane.marks, span).items():
        yield f'<svg x="{x}%" y="{y}" overflow="visible" class="{look}"><title>{escape(harmless(title))}</title>'
        yield f"{_SIGNS[look]}</svg>"


def _drawn(bar: _Bar, span: _Span, y: int, height: int) -> Iterator[str]:
    x = span.at(bar.begins)
    width = max(round(span.at(bar.ends) - x, 2), 0.4)
    yield f'<svg x="{x}%" y="{y}" width="{width}%" height="{height}"><title>{escape(harmless(bar.title))}</title>'
    yield f'<rect class="{bar.look}" width="100%" height="100%"/>'
    if bar.label and width > 12:
        yield f'<text class="in" x="5" y="10">{escape(harmless(bar.label))}</text>'
    yield "</svg>"


def _apart(marks: Sequence[tuple[Instant, str, str]], span: _Span) -> Mapping[float, tuple[str, str]]:
    """Marks by where they stand; of those at one place, the gravest."""
    kept: dict[float, tuple[str, str]] = {}
    for instant, look, title in marks:
        x = round(span.at(instant) * _STEPS / 100) * 100 / _STEPS
        if x not in kept or look in ("loud", "late"):
            kept[x] = (look, title)
    return kept


# Shapes as well as colours: the picture is read on a black and white print too.
_SIGNS: Final = {
    "loud": '<path d="M0-3 7 11H-7Z"/><path class="stroke" d="M0 2v4M0 8v1.6"/>',
    "decision": '<path d="M0-1 7 7 0 15-7 7Z"/>',
    "limit": '<path class="stroke" d="M0-3V17"/>',
    "late": '<path class="stroke" d="M0-3V17M-4 3 4 11M-4 11 4 3"/>',
    "done": '<path class="stroke" d="M-5 6-1 11 6 1"/>',
}
_STYLE: Final = (
    "text{font:11px Atkinson Hyperlegible,Helvetica,Arial,sans-serif;fill:#222}"
    ".name{font-weight:bold}.hour{fill:#444}.in{font-size:10px;fill:#111}"
    ".grid{stroke:#ccc}.lane{fill:#f1f1ee}"
    ".step{fill:#a9c4e4}.step2{fill:#cfdff1}.down{fill:#e8b4a8}.clock{fill:#e3d49a}rect.late{fill:#d98a80}"
    ".decision path{fill:#12355b;stroke:#fff}.loud path{fill:#b3261e;stroke:#fff}"
    ".stroke{fill:none;stroke:#222;stroke-width:2}.loud .stroke{stroke:#fff;stroke-width:1.6}"
    ".late .stroke{stroke:#b3261e}"
)
