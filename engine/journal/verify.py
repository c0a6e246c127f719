"""Tell whether a chain is whole, and if not, where it breaks first and how.

One byte changed, an entry taken out, put in or moved: each breaks the hash of an entry or its link to the one before.
What the chain alone can't see is a tail that was cut off: for that, the head is compared with one noted elsewhere.
Erased leaves are no break: their commitment stays. But a text that came back, or went without a recorded erasure, is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.journal.broken import Break
from engine.journal.chain import GENESIS, canonical, commitment, digest, entry_id, instant_of, iso
from engine.journal.codec import ACTOR, ENTERED_BY, ROLE, Row, commitments_of, leaves_of, row_hash, salts_of
from engine.journal.naming import is_exercise
from engine.journal.port import Reader
from engine.journal.record import FIELDS, OUTSIDE, REPEATED, Record, line

__all__ = ["Verdict", "verify_file", "verify_incident"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found. `head`: the hash to compare with one noted elsewhere."""

    incident: str
    entries: int
    head: str
    erased: int = 0
    """Leaves that are committed to, and whose text is no longer there."""
    breaks: tuple[Break, ...] = ()

    @property
    def whole(self) -> bool:
        return not self.breaks


class _Chain:
    """Follows one chain, entry after entry, and keeps the first break of each entry."""

    def __init__(self, incident: str) -> None:
        self.incident, self.seq, self.prev, self.erased = incident, 0, GENESIS, 0
        self.hashes: list[str] = []
        self.breaks: list[Break] = []

    def broken(self, code: str, seq: int | None = None, **facts: object) -> None:
        self.breaks.append(Break(self.incident, self.seq if seq is None else seq, code, facts))

    def step(self, seq: int) -> bool:
        """Go to the next entry; False if it is not the one that should follow."""
        expected, self.seq = self.seq + 1, seq
        if seq == expected:
            return True
        self.broken("out_of_order", seq, expected=expected)
        return False

    def link(self, stored: bytes, computed: bytes) -> None:
        if stored != computed:
            self.broken("changed")
        self.prev = stored
        self.hashes.append(stored.hex())

    def leaf(self, path: str, value: bytes | None, salt: bytes | None, committed: bytes | None) -> None:
        """One leaf: told with its salt, it must be what was committed to; not told, it was erased."""
        if committed is None:
            self.broken("leaf_uncommitted", path=path)
        elif value is None and salt is None:
            self.erased += 1
        elif value is None or salt is None or commitment(salt, value) != committed:
            self.broken("leaf_changed", path=path)

    def verdict(self, head: str | None) -> Verdict:
        """Compare with the head noted elsewhere, given whole or by its beginning."""
        if head and not any(one.startswith(head.lower()) for one in self.hashes):
            self.broken("head_not_found", 0, head=head, last=self.seq)
        return Verdict(self.incident, len(self.hashes), self.prev.hex(), self.erased, tuple(self.breaks))


def verify_incident(reader: Reader, incident: str, head: str | None = None) -> Verdict:
    """Verify one incident of the journal: chain, text against commitments, erasures."""
    rows = list(reader.rows(incident))
    chain, erased = _Chain(incident), _erased(rows)
    for row in rows:
        chain.step(row.seq)
        chain.link(row.hash, _computed(row, chain.prev))
        try:
            _row_leaves(chain, row, erased)
        except ValueError:
            chain.broken("leaves_unreadable")
    if not rows:
        chain.broken("empty", 0)
    return chain.verdict(head)


def _computed(row: Row, prev: bytes) -> bytes:
    try:
        # The column repeats what the data, which the hash covers, says.
        return row_hash(row, prev) if json.loads(row.data)["kind"] == row.kind else b""
    except (ValueError, KeyError, TypeError, OverflowError):
        return b""  # so spoilt that it has no hash


def _erased(rows: Iterable[Row]) -> dict[int, int]:
    """The entries that an erasure names, by the entry that records it."""
    found: dict[int, int] = {}
    for row in rows:
        if row.kind == "erased":
            try:
                found |= dict.fromkeys(json.loads(row.data)["entries"], row.seq)
            except (ValueError, KeyError, TypeError):
                continue  # its hash tells
    return found


def _row_leaves(chain: _Chain, row: Row, erased: dict[int, int]) -> None:
    committed = commitments_of(row)
    told, salts = dict(leaves_of(row)), salts_of(row)
    by = erased.get(row.seq)
    for path in committed.keys() | told.keys():
        if path != ROLE and path in told and by is not None:
            chain.broken("erased_came_back", path=path, by=by)
        elif path not in told and by is None and path in committed:
            chain.broken("leaf_missing", path=path)
        else:
            chain.leaf(path, told.get(path), salts.get(path), committed.get(path))


def verify_file(path: Path, head: str | None = None) -> Verdict:
    """Verify an exported timeline. Each line must be exactly as tocsin wrote it, its `summary` aside."""
    content = path.read_bytes()
    *lines, rest = content.split(b"\n")
    if rest:
        lines.append(rest)
    chain = _Chain("")
    for number, raw in enumerate(lines, 1):
        one = _parsed(raw)
        if one is None:
            chain.broken("line_unreadable", number, line=number)
            break
        if number == 1:
            chain.incident = one["incident"]
        try:
            _follow(chain, one, raw)
        except (ValueError, TypeError, KeyError, AttributeError):
            chain.broken("line_unreadable", number, line=number)
            break
    if not lines:
        chain.broken("empty", 0)
    elif rest:
        chain.broken("line_cut", len(lines), line=len(lines))
    return chain.verdict(head)


def _parsed(raw: bytes) -> Record | None:
    """The record of a line; None unless it is one."""
    try:
        one = json.loads(raw)
        known = isinstance(one, dict) and tuple(one) == FIELDS
    except (ValueError, RecursionError):
        return None
    return one if known else None


def _follow(chain: _Chain, one: Record, raw: bytes) -> None:
    before, sound = chain.prev, len(chain.breaks)
    chain.step(one["seq"])
    if one["incident"] != chain.incident:
        chain.broken("other_incident", other=one["incident"])
    if one["prev"] != before.hex():
        chain.broken("link", prev=one["prev"][:12])
    committed = one["commitments"]
    data = {name: value for name, value in one["data"].items() if f"data.{name}" not in committed}
    if any(one[name] != one["data"].get(name) for name in REPEATED):
        chain.broken("changed")
    covered = {name: value for name, value in (one | {"data": data}).items() if name not in OUTSIDE}
    chain.link(bytes.fromhex(one["hash"]), digest(canonical(covered)))
    told = _told(one)
    for path in committed.keys() | told.keys() | one["salts"].keys():
        value, salt, promised = told.get(path), one["salts"].get(path), committed.get(path)
        chain.leaf(path, value, salt and bytes.fromhex(salt), promised and bytes.fromhex(promised))
    if sound == len(chain.breaks) and line(_spelt(one, data, told, before, chain.prev)) != raw + b"\n":
        chain.broken("spelling")  # another spelling of the same values: a byte is a byte


def _spelt(one: Record, data: Record, told: dict[str, bytes], prev: bytes, last: bytes) -> Record:
    """The record that tocsin writes for what this one says."""
    person = json.loads(told[ACTOR]) if ACTOR in told else {"id": "", "name": ""}
    said = json.loads(canonical(data))
    said |= {path[5:]: json.loads(value) for path, value in sorted(told.items()) if path.startswith("data.")}
    return {
        "incident": one["incident"],
        "seq": one["seq"],
        "id": entry_id(one["incident"], one["seq"]),
        "at": iso(instant_of(one["at"])),
        "occurred_at": iso(instant_of(one["occurred_at"])),
        "exercise": is_exercise(one["incident"]),
        "actor": person | {"role": json.loads(told.get(ROLE, b'""'))},
        "entered_by": json.loads(told.get(ENTERED_BY, b"null")),
        "source": one["source"],
        "kind_version": one["kind_version"],
        **{name: said.get(name) for name in REPEATED},
        "summary": one["summary"],
        "data": said,
        "salts": {path: bytes.fromhex(one["salts"][path]).hex() for path in sorted(told)},
        "commitments": {
            path: bytes.fromhex(value).hex() for path, value in sorted(one["commitments"].items())
        },
        "prev": prev.hex(),
        "hash": last.hex(),
    }


def _told(one: Record) -> dict[str, bytes]:
    """The leaves whose text a record tells: path and canonical value."""
    told: dict[str, Any] = {
        f"data.{name}": value for name, value in one["data"].items() if f"data.{name}" in one["commitments"]
    }
    who, typed = one["actor"], one["entered_by"]
    if who["id"] or who["name"]:
        told[ACTOR] = {"id": who["id"], "name": who["name"]}
    if who["role"]:
        told[ROLE] = who["role"]
    if set(who) != {"id", "name", "role"}:
        raise ValueError(who)
    if typed is not None:
        told[ENTERED_BY] = typed
    return {path: canonical(value) for path, value in told.items()}
