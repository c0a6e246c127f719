"""Back a town up while it works: the journal as it is now, the evidence, the town's files, in one sealed file.

The journal is copied first: an entry's evidence is on the disk before the entry, so whatever the copy names is there
to be taken after it. The file appears under its name only when it is whole and on the disk.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from errno import EEXIST
from pathlib import Path
from typing import Final

from engine.core.quantities import Instant
from engine.home.sealing import Seal
from engine.journal import snapshot
from engine.journal.sqlite import FILE

__all__ = ["MANIFEST", "Schedule", "back_up", "backups_in", "is_folder"]

MANIFEST: Final = "manifest.json"
"""First in the archive: what it is, when it was made, the heads of the chains."""
LAYOUT: Final = 1
"""The archive's layout; a later one that differs counts on."""

_NAME = re.compile(r"tocsin-\d{8}T\d{9}Z\.tar\.gz\.age")
_LEFT_OUT: Final = ("traces", "timeline")
"""Folders of a home that a restored one doesn't need."""


def back_up(home: Path, target: Path, seal: Seal, now: Instant, *, keep: int = 0) -> Path:
    """Back the town of this folder up; return the file.

    `target`: a folder, in which it is named by the hour and the `keep` newest are kept (0: all), or a file `….age`.
    OSError or JournalUnavailable if it can't be done, FileExistsError rather than to overwrite another: nothing is
    left behind then.
    """
    folder = target if is_folder(target) else target.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = target / _name(now) if folder == target else target
    if file.exists():
        raise FileExistsError(EEXIST, os.strerror(EEXIST), str(file))
    with tempfile.TemporaryDirectory(dir=home, prefix=".backup-") as work:
        archive, sealed = Path(work) / "archive", file.with_name(f".{file.name}.part")
        _pack(home, archive, Path(work) / FILE, now)
        try:
            sealed.touch(mode=0o600)
            seal.seal(archive, sealed)
            _settle(sealed)
            os.replace(sealed, file)
        except BaseException:
            with contextlib.suppress(OSError):
                sealed.unlink()
            raise
    if folder == target and keep:
        for old in backups_in(target)[:-keep]:
            old.unlink(missing_ok=True)
    return file


def is_folder(target: Path) -> bool:
    """Whether backups are named by the hour there, rather than one made under this name."""
    return target.is_dir() or target.suffix != ".age"


def backups_in(folder: Path) -> list[Path]:
    """The backups that were named by the hour, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))


def _name(now: Instant) -> str:
    made = datetime.fromtimestamp(now / 1000, UTC)
    return f"tocsin-{made:%Y%m%dT%H%M%S}{now % 1000:03d}Z.tar.gz.age"


def _made_at(file: Path) -> Instant:
    """When a backup was made, from its name."""
    stamp = file.name.removeprefix("tocsin-")[:18]
    seconds = datetime.strptime(stamp[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return round(seconds.timestamp()) * 1000 + int(stamp[15:])


def _pack(home: Path, archive: Path, copied: Path, now: Instant) -> None:
    tips = snapshot.copy(home / FILE, copied) if (home / FILE).is_file() else []
    manifest = {"layout": LAYOUT, "made_at": now, "heads": [tip._asdict() for tip in tips]}
    content = json.dumps(manifest, indent=1).encode()
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        told = tarfile.TarInfo(MANIFEST)
        told.size, told.mtime, told.mode = len(content), now // 1000, 0o600
        tar.addfile(told, io.BytesIO(content))
        if copied.is_file():
            tar.add(copied, FILE, filter=_anonymous)
        for path in _files(home):
            tar.add(path, path.relative_to(home).as_posix(), recursive=False, filter=_anonymous)


def _files(home: Path) -> Iterator[Path]:
    """The town's files: not the journal, which was copied, nor what is hidden, being written or made anew."""
    for path in sorted(home.rglob("*")):
        inner = path.relative_to(home)
        hidden = any(part.startswith(".") for part in inner.parts)
        if (
            hidden
            or inner.parts[0] in _LEFT_OUT
            or inner.name.startswith(FILE)
            or _NAME.fullmatch(inner.name)
        ):
            continue
        if path.is_file() and not path.is_symlink():
            yield path


def _anonymous(told: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out whose files they were on this machine."""
    told.uid = told.gid = 0
    told.uname = told.gname = ""
    return told


def _settle(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())


@dataclass(frozen=True, slots=True)
class Schedule:
    """Backups at a pace. It holds no thread and no state: the folder of backups says when the last one was made."""

    home: Path
    folder: Path
    seal: Seal
    every: int
    """Milliseconds."""
    keep: int = 96

    def next_due(self) -> Instant:
        """When the next backup is to be made; 0, at once, if there is none yet."""
        made = backups_in(self.folder)
        return _made_at(made[-1]) + self.every if made else 0

    def run(self, now: Instant) -> Path | None:
        """Make the backup if it is due. It takes its time: a program with a loop calls it in a thread."""
        if now < self.next_due():
            return None
        return back_up(self.home, self.folder, self.seal, now, keep=self.keep)
