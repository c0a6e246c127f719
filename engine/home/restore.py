"""Put a backup to work in a folder, here or on another machine, after checking that it is what was backed up."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from engine.home.backup import LAYOUT, MANIFEST
from engine.home.evidence import Evidence
from engine.home.sealing import Key
from engine.journal.broken import Break
from engine.journal.sqlite import FILE, SqliteJournal
from engine.journal.verify import verify_incident

__all__ = ["RestoreRefused", "Restored", "restore"]


class RestoreRefused(Exception):
    """`code` is a key of `journal.restore`: not_empty, not_a_backup, newer, broken. Nothing was put in the folder."""

    def __init__(self, code: str, breaks: Iterable[Break] = (), **facts: Any) -> None:
        super().__init__(code)
        self.code, self.breaks, self.facts = code, tuple(breaks), facts


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. `kept`: files that the folder already had, and that were left as they are."""

    made_at: int
    incidents: int
    entries: int
    kept: tuple[str, ...] = ()


def restore(backup: Path, home: Path, key: Key) -> Restored:
    """Put a backup to work in this folder, which holds no journal. Unsealable, RestoreRefused or OSError otherwise."""
    if (home / FILE).exists():
        raise RestoreRefused("not_empty", path=str(home / FILE))
    made = [folder for folder in (home, *home.parents) if not folder.exists()]
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as work:
            archive, town = Path(work) / "archive", Path(work) / "town"
            key.open(backup, archive)
            manifest = _unpack(archive, town, backup)
            entries = _check(town, manifest)
            kept = _move(town, home)
    except BaseException:
        _take_away(folders=made)
        raise
    return Restored(manifest["made_at"], len(manifest["heads"]), entries, kept)


def _unpack(archive: Path, town: Path, backup: Path) -> dict[str, Any]:
    town.mkdir(mode=0o700)
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    continue
                path = town / _inner(member.name)
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with path.open("xb") as written:
                    shutil.copyfileobj(content, written)
                    written.flush()
                    os.fsync(written.fileno())
                path.chmod(0o600)
        manifest: dict[str, Any] = json.loads((town / MANIFEST).read_bytes())
        layout, _, _ = manifest["layout"], manifest["made_at"], manifest["heads"]
    except (tarfile.TarError, EOFError, ValueError, KeyError, FileNotFoundError, FileExistsError) as error:
        raise RestoreRefused("not_a_backup", path=str(backup)) from error
    if layout != LAYOUT:
        raise RestoreRefused("newer", found=layout, known=LAYOUT)
    (town / MANIFEST).unlink()
    return manifest


def _inner(name: str) -> Path:
    """A path of the archive that stays inside it; ValueError for any other."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not path.parts:
        raise ValueError(name)
    return Path(*path.parts)


def _check(town: Path, manifest: dict[str, Any]) -> int:
    """Verify every chain against the heads that were noted in the backup; return how many entries there are."""
    if not (town / FILE).exists():
        if manifest["heads"]:
            raise RestoreRefused("broken", [Break("", 0, "empty")])
        return 0
    with contextlib.closing(SqliteJournal(town / FILE)) as journal:
        verdicts = [
            verify_incident(journal.reader, tip["incident"], tip["hash"]) for tip in manifest["heads"]
        ]
        named = {digest for incident in journal.reader.incidents() for digest in _evidence(journal, incident)}
    breaks = [found for verdict in verdicts for found in verdict.breaks]
    evidence = Evidence(town / "evidence")
    breaks += [
        Break(incident, seq, "evidence", {"digest": digest[:12]})
        for incident, seq, digest in sorted(named)
        if not evidence.whole(digest)
    ]
    if breaks:
        raise RestoreRefused("broken", breaks)
    return sum(verdict.entries for verdict in verdicts)


def _evidence(journal: SqliteJournal, incident: str) -> Iterator[tuple[str, int, str]]:
    """The files that entries name, those of erased entries aside."""
    rows = list(journal.reader.rows(incident))
    erased = {seq for row in rows if row.kind == "erased" for seq in json.loads(row.data)["entries"]}
    for row in rows:
        if row.kind == "evidence_added" and row.seq not in erased:
            digest = json.loads(row.data).get("sha256", "")
            if digest:
                yield incident, row.seq, digest


def _move(town: Path, home: Path) -> tuple[str, ...]:
    """Put the files in place, the journal last: a folder that has one is a restored one. All of them, or none."""
    paths = sorted((path for path in town.rglob("*") if path.is_file()), key=lambda path: path.name == FILE)
    kept: list[str] = []
    moved: list[Path] = []
    folders: list[Path] = []
    try:
        for path in paths:
            inner = path.relative_to(town)
            target = home / inner
            if inner.name.startswith(f"{FILE}-"):
                continue  # the log of a journal that was closed: empty
            if target.exists():
                kept.append(inner.as_posix())
                continue
            folders[:0] = [folder for folder in target.parents if not folder.exists()]
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            moved.append(target)
            os.replace(path, target)
    except BaseException:
        _take_away(moved, folders)
        raise
    return tuple(kept)


def _take_away(files: Iterable[Path] = (), folders: Iterable[Path] = ()) -> None:
    """Leave what was there before, and nothing else."""
    with contextlib.suppress(OSError):
        for file in files:
            file.unlink(missing_ok=True)
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()
