"""DOCX and XLSX are zip archives, which hold the hour of their making.

Written again with a fixed hour, the same log is the same file to the byte.
"""

from __future__ import annotations

from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

__all__ = ["timeless"]

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say."""


def timeless(archive: BytesIO) -> bytes:
    """The same archive, its members in the same order, dated of no day."""
    made = BytesIO()
    with ZipFile(archive) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = ZipInfo(name, _EPOCH)
            member.compress_type, member.create_system = ZIP_DEFLATED, 0
            new.writestr(member, old.read(name))
    return made.getvalue()
