"""Look at pages as a reader does: what leaves the sheet, what lies over something else, what is too small."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2

__all__ = ["faults", "texts"]

MILLIMETRE = 72 / 25.4
EDGE = 7.5 * MILLIMETRE
"""No printer reaches further on the sides and the top."""
FOOT = 3.5 * MILLIMETRE
CELL = 20.0

Box = tuple[float, float, float, float, int]


def texts(pdf: bytes) -> list[str]:
    """The words of each page, on one line, no-break spaces as spaces."""
    with pypdfium2.PdfDocument(pdf) as document:
        found = [page.get_textpage().get_text_range() for page in document]
    return [" ".join(one.replace("\u200b", "").replace("\ufffe", "").split()) for one in found]


def faults(pdf: bytes) -> list[str]:
    """Letters out of the sheet, or over other letters."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            width, height = page.get_size()
            letters = page.get_textpage()
            boxes = list(_boxes(letters))
            found += [
                f"page {number}: out of the sheet"
                for left, bottom, right, top, _ in boxes
                if left < EDGE or right > width - EDGE or bottom < FOOT or top > height - EDGE
            ]
            found += [
                f"page {number}: {letters.get_text_range(one, 8)!r} over {letters.get_text_range(other, 8)!r}"
                for one, other in _overlaps(boxes)
            ]
    return found


def _boxes(letters: pypdfium2.PdfTextPage) -> Iterator[Box]:
    for n in range(letters.count_chars()):
        left, bottom, right, top = letters.get_charbox(n)
        if right - left > 0.2 and top - bottom > 0.2:
            yield left, bottom, right, top, n


def _overlaps(boxes: list[Box]) -> set[tuple[int, int]]:
    cells: dict[tuple[int, int], list[Box]] = {}
    for box in boxes:
        for across in range(int(box[0] // CELL), int(box[2] // CELL) + 1):
            for down in range(int(box[1] // CELL), int(box[3] // CELL) + 1):
                cells.setdefault((across, down), []).append(box)
    return {
        (one[4], other[4])
        for near in cells.values()
        for n, one in enumerate(near)
        for other in near[n + 1 :]
        if other[4] - one[4] > 1 and _shared(one, other) > 0.2 * min(_area(one), _area(other))
    }


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _shared(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(across, 0.0) * max(down, 0.0)
