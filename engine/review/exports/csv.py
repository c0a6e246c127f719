"""`timeline.csv`, for Excel in French: semicolons, the mark by which it knows UTF-8, and nothing that it would compute.

Not for programs: a text that looks like a formula gets an apostrophe, which another tool would keep as text. For them
there are `jsonl` and `timesketch`. Of an exercise each fact says so: a line that is copied out keeps its mark.
"""

from __future__ import annotations

import csv as table
from datetime import datetime
from io import StringIO

from engine.review.dossier import Dossier
from engine.review.exports.columns import NAMES, RISKY, cells, titles

__all__ = ["csv"]


def csv(dossier: Dossier) -> bytes:
    """The file, in UTF-8 with its mark, each line ending with CR LF."""
    out = StringIO(newline="")
    writer = table.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(titles(dossier))
    mark, what = dossier.mark, NAMES.index("what")
    for row in cells(dossier):
        if mark:
            row[what] = f"{mark} {row[what]}"
        writer.writerow([_written(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _written(cell: str | int | datetime) -> str:
    match cell:
        case datetime():
            return f"{cell:%d/%m/%Y %H:%M:%S}"  # as Excel reads a date in France
        case int():
            return str(cell)
        case _ if cell.lstrip(" ").startswith(RISKY):
            return f"'{cell}"
        case _:
            return cell
