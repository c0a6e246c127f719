"""Keep what people bring as evidence: a file named by the SHA-256 of its content, on the disk before its entry is."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

__all__ = ["Evidence", "Kept"]

_PIECE: Final = 1 << 20
RESERVE: Final = 64 << 20
"""What a file must leave free on the disk: a disk image that somebody brings must not stop the main courante."""


class Kept(NamedTuple):
    """What an `AddEvidence` says of a file."""

    sha256: str
    size: int


class Evidence:
    """The folder of evidence of one town."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: BinaryIO) -> Kept:
        """Store a file for good. The same content is stored once. OSError if it can't be: nothing is left then.

        A large one leaves room for the journal, which lies on the same disk; a small one is always tried.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".")
        digest, size = sha256(), 0
        try:
            with os.fdopen(handle, "wb") as file:
                while piece := content.read(_PIECE):
                    digest.update(piece)
                    size += len(piece)
                    if size > _PIECE:
                        self._leave_room()
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, self.path(digest.hexdigest()))
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
        self._settle()
        return Kept(digest.hexdigest(), size)

    def _leave_room(self) -> None:
        if shutil.disk_usage(self.folder).free < RESERVE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def path(self, digest: str) -> Path:
        """Where the file of that SHA-256 is, or would be."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise ValueError(digest)
        return self.folder / digest

    def whole(self, digest: str) -> bool:
        """Whether the file is there, and still what its name says."""
        try:
            with self.path(digest).open("rb") as file:
                found = sha256()
                while piece := file.read(_PIECE):
                    found.update(piece)
        except (OSError, ValueError):
            return False
        return found.hexdigest() == digest

    def forget(self, digest: str) -> None:
        """Destroy a file, after the erasure of every entry that names it."""
        self.path(digest).unlink(missing_ok=True)
        self._settle()

    def _settle(self) -> None:
        """Make the folder's own list durable; Windows does so by itself and opens no folder."""
        if os.name == "nt":
            return
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
