"""Verify the whole journal: every chain, and that all that is derived from the entries says what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import chain, groupby

from engine.core.deadlines import Deadline
from engine.core.events import Erased
from engine.core.evolve import evolve
from engine.core.incident import Incident
from engine.journal.broken import Break
from engine.journal.naming import number_of
from engine.journal.port import Reader
from engine.journal.verify import Verdict, verify_incident

__all__ = ["audit", "cards_of", "projections"]

Due = Callable[[Incident], Iterable[Deadline]]
Cards = Callable[[Incident | None, Incident], Iterable[str]]


def audit(reader: Reader, due: Due, cards: Cards) -> tuple[list[Verdict], list[Break]]:
    """The verdict of each stream, and what is wrong beside the chains."""
    incidents = reader.streams()
    verdicts = [verify_incident(reader, incident) for incident in incidents]
    beside = reader.faults()
    beside += _missing(incidents)
    beside += [
        Break("", 0, "definition", {"digest": digest[:12]})
        for digest, body in reader.definitions().items()
        if sha256(body).hexdigest() != digest
    ]
    for verdict in verdicts:
        if verdict.whole:
            beside += projections(reader, verdict.incident, due, cards)
    return verdicts, beside


def _missing(incidents: Iterable[str]) -> Iterator[Break]:
    """Numbers have no gaps: one that is not there was taken out whole."""
    numbers = sorted(number for name in incidents if (number := number_of(name)))
    for _, found in groupby(numbers, key=lambda one: (one.exercise, one.year)):
        expected = 1
        for number in found:
            for lacking in range(expected, number.number):
                yield Break(number._replace(number=lacking).name, 0, "incident_missing")
            expected = number.number + 1


def projections(reader: Reader, incident: str, due: Due, cards: Cards) -> Iterator[Break]:
    """What the deadlines and the cards kept beside the entries say otherwise than a rebuild."""
    try:
        head = reader.head(incident)
        expected = frozenset(due(head.incident)) if head else frozenset()
        drawn = cards_of(reader, incident, cards)
    except (ValueError, KeyError) as error:
        detail = str(error).partition("\n")[0]
        yield Break(incident, 0, "unreadable", {"detail": detail})
        return
    board = reader.board(incident)
    if frozenset(chain.from_iterable(board.deadlines.values())) != expected:
        yield Break(incident, 0, "deadlines")
    if board.cards != drawn:
        yield Break(incident, 0, "cards")


def cards_of(reader: Reader, incident: str, cards: Cards) -> dict[str, int]:
    """The cards of an incident as its entries make them, order by order."""
    last = {last for _, last in reader.orders(incident)}
    drawn: dict[str, int] = {}
    before, after = None, Incident(id=incident)
    for entry in reader.entries(incident):
        after = evolve(after, entry)
        if isinstance(entry.event, Erased):
            before = None  # everything is drawn again: any card may have shown the text
        if entry.seq in last:
            drawn |= dict.fromkeys(cards(before, after), entry.seq)
            before = after
    return drawn
