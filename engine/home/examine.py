"""Examine the machine and the town's folder: what would fail on the day, said while there is time.

Each finding is a value with a code of the catalogue (`doctor.says.<code>`). Nothing is mended here; a probe file is
written, and removed at once.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from errno import EACCES
from pathlib import Path
from typing import Final

from engine.core.directory import Directory
from engine.core.quantities import DAY, Instant
from engine.core.world import World
from engine.home.home import Home, HomeUnusable
from engine.home.machine import where_it_stands
from engine.home.symptom import Symptom
from engine.journal.errors import JournalUnavailable
from engine.journal.sqlite import FILE
from engine.library.check import check_paths
from engine.library.finding import Finding

__all__ = ["Symptom", "examine"]

LITTLE_DISK: Final = 500_000_000
"""Bytes: photographs of evidence and a few backups need that much (proposal of the project)."""
OLD_BACKUP: Final = DAY
CLOCK_OFF: Final = DAY
_FICTION: Final = ("063998", "019900", "3363998", "3319900")
"""The numbers of our example town, which ring nowhere: on the night they would cost an hour."""
EARLIEST: Final[Instant] = 1_767_225_600_000
"""1 January 2026: a clock before this program was written is wrong."""


def examine(path: Path, now: Instant, secrets: Path) -> Iterator[Symptom]:
    """Look at everything, whatever is found on the way. `secrets`: the file of the bots' tokens, wherever it is."""
    yield from _clock(now)
    if not path.is_dir():
        yield Symptom("bad", "no_home", {"path": str(path)})
        return
    yield from _disk(path)
    yield from _privacy(path, secrets)
    yield from where_it_stands(path, os.environ)
    try:
        home = Home(path, reading=True)
    except HomeUnusable as error:
        yield Symptom("bad", "home_unusable", {"error": error})
        return
    except JournalUnavailable as error:
        yield Symptom("bad", "journal_unavailable", {"error": error})
        return
    with home:
        for slip in home.slips:
            yield Symptom("bad", "home_unusable", {"error": slip})
        yield from _journal(home, now)
        if not home.slips:
            yield from _people(home.world.directory)
            yield from _left(home.world)
            yield from _backup(home, now)
    yield from _files(path)


def _clock(now: Instant) -> Iterator[Symptom]:
    yield (
        Symptom("bad", "clock_wrong", {"now": now})
        if now < EARLIEST
        else Symptom("ok", "clock", {"now": now})
    )


def _disk(path: Path) -> Iterator[Symptom]:
    free = shutil.disk_usage(path).free
    yield Symptom(
        "ok" if free >= LITTLE_DISK else "bad",
        "disk" if free >= LITTLE_DISK else "disk_full",
        {"free": free // 1_000_000},
    )
    probe = path / ".tocsin-doctor"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        yield Symptom("bad", "not_writable", {"path": str(path), "detail": error.strerror or str(error)})


def _privacy(path: Path, secrets: Path) -> Iterator[Symptom]:
    """Others must not read the journal, nor a secret. Windows has no such bits: its own rights apply."""
    if os.name == "nt":
        return
    watched = [path / FILE, *path.glob("*passphrase*"), *path.glob("*.key"), secrets]
    open_to_others = [
        one.name for one in watched if one.is_file() and stat.S_IMODE(one.stat().st_mode) & 0o077
    ]
    if open_to_others:
        yield Symptom("bad", "readable_by_others", {"files": ", ".join(open_to_others)})
    else:
        yield Symptom("ok", "private")


def _journal(home: Home, now: Instant) -> Iterator[Symptom]:
    if not (home.path / FILE).exists():
        yield Symptom("ok", "journal_none")
        return
    if not os.access(home.path / FILE, os.W_OK):
        yield Symptom("bad", "not_writable", {"path": str(home.path / FILE), "detail": os.strerror(EACCES)})
    try:
        incidents = list(home.desk.incidents())
    except JournalUnavailable as error:
        yield Symptom("bad", "journal_unavailable", {"error": error})
        return
    except (ValueError, KeyError, TypeError) as error:  # what is written there is no entry of ours
        yield Symptom("bad", "journal_unreadable", {"detail": str(error).partition("\n")[0]})
        return
    latest = max((one.now for one in incidents), default=0)
    if latest > now + CLOCK_OFF:
        yield Symptom("bad", "clock_behind", {"latest": latest, "now": now})
    yield Symptom(
        "ok", "journal", {"count": len(incidents), "open": sum(one.status == "open" for one in incidents)}
    )


def _people(directory: Directory) -> Iterator[Symptom]:
    invented = [one.name for one in directory.people.values() if _digits(one.phone).startswith(_FICTION)]
    if invented:
        yield Symptom("bad", "still_example", {"people": ", ".join(invented), "count": len(invented)})
    if not directory.directors():
        yield Symptom("bad", "no_director")
    silent = [person.name for person in directory.people.values() if not person.phone]
    if silent:
        yield Symptom("warn", "no_phone", {"people": ", ".join(silent), "count": len(silent)})
    for code, roles in (
        ("no_holder", [name for name, post in directory.roles.items() if not post.people]),
        ("no_deputy", [name for name, post in directory.roles.items() if post.people and not post.deputies]),
    ):
        if roles:
            yield Symptom("warn", code, {"roles": ", ".join(roles), "count": len(roles)})
    if len(directory.people) < 3:
        yield Symptom("warn", "few_people", {"count": len(directory.people)})


def _left(world: World) -> Iterator[Symptom]:
    """Whoever has left holds nothing, whatever the file says since: their successor isn't them under another name."""
    named = {one for post in world.written.roles.values() for one in post.people}
    left = [world.directory.name(one) for one in sorted(named & world.directory.left)]
    if left:
        yield Symptom("warn", "left_but_named", {"people": ", ".join(left), "count": len(left)})


def _digits(phone: str) -> str:
    return "".join(one for one in phone if one.isdigit())


def _backup(home: Home, now: Instant) -> Iterator[Symptom]:
    config = home.config.backup
    if config is None:
        yield Symptom("warn", "no_backup")
        return
    place = (home.path / config.to).resolve()
    copies = [one for one in place.glob("*.age") if one.is_file()] if place.is_dir() else []
    if not copies:
        yield Symptom("bad", "backup_absent", {"path": str(place)})
        return
    newest = max(copies, key=lambda one: one.stat().st_mtime)
    age = now - int(newest.stat().st_mtime * 1000)
    yield Symptom(
        "ok" if age < OLD_BACKUP else "warn",
        "backup" if age < OLD_BACKUP else "backup_old",
        {"path": str(newest), "age": age},
    )


def _files(path: Path) -> Iterator[Symptom]:
    findings: list[Finding] = [one for one in check_paths([path], home=path) if one.severity == "error"]
    if findings:
        yield Symptom("bad", "findings", {"count": len(findings)})
    else:
        yield Symptom("ok", "files")
