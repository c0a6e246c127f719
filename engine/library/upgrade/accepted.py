"""The library that a town last accepted, kept whole in its folder: a zip of the YAML files, which anybody can open.

Whole and not its digests alone, so that the difference can be read years later, when the old program is gone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from engine.core.quantities import Instant
from engine.library.folders import procedures_in
from engine.library.source import MOST_BYTES

__all__ = ["ACCEPTED", "Accepted", "Spoiled", "accepted", "keep"]

ACCEPTED: Final = "bibliotheque-acceptee.zip"
_ABOUT: Final = "acceptation.json"
_MOST_FILES: Final = 1_000


class Spoiled(Exception):
    """The file is there and can't be read back as it was written."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A library as it was when the town accepted it."""

    folder: Path
    """Where its files are for now."""
    at: str
    """The moment, as ISO 8601."""
    digests: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of each file."""


def keep(home: Path, library: Path, now: Instant) -> Path:
    """Note that the town accepts this library, in place of the one before; an OSError if it can't be written."""
    files = {path.relative_to(library).as_posix(): path.read_bytes() for path in _files(library)}
    about = {
        "layout": 1,
        "accepted_at": datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="seconds"),
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    target = home / ACCEPTED
    handle, part = tempfile.mkstemp(dir=home, prefix=".accepted-")
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_ABOUT, json.dumps(about, indent=1))
            for name, content in files.items():
                archive.writestr(name, content)
        os.replace(part, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise
    return target


@contextmanager
def accepted(home: Path) -> Iterator[Accepted | None]:
    """Unpack the library that the town accepted for a moment; None if it never did. `Spoiled` if it can't be read."""
    path = home / ACCEPTED
    if not path.is_file():
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        yield _unpacked(path, Path(folder))


def _unpacked(path: Path, folder: Path) -> Accepted:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > _MOST_FILES or any(one.file_size > MOST_BYTES for one in members):
                raise Spoiled(path.name)
            about: Any = json.loads(archive.read(_ABOUT))
            at, digests = str(about["accepted_at"]), dict(about["sha256"])
            datetime.fromisoformat(at).astimezone(UTC)
            archive.extractall(folder, [name for name in archive.namelist() if name in digests])
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        TypeError,
        ValueError,
        OverflowError,
        OSError,
        EOFError,
        RuntimeError,  # encrypted, written in a way that isn't known, or JSON deep enough to drown in
    ) as error:
        raise Spoiled(path.name) from error
    try:
        whole = all(
            hashlib.sha256((folder / name).read_bytes()).hexdigest() == said for name, said in digests.items()
        )
    except (OSError, ValueError):
        whole = False
    if not whole:
        raise Spoiled(path.name)
    return Accepted(folder, at, digests)


def _files(library: Path) -> Iterator[Path]:
    """The procedures and what they borrow; the example town is nobody's law."""
    yield from procedures_in(library)
    yield from sorted((library / "continuity").glob("*.yaml"))
