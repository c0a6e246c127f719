"""Ink on paper: the few SVG shapes that the picture is made of, in black, white and one grey."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from engine.visible import harmless

__all__ = ["Paper"]

_FACE = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
Point = tuple[float, float]


class Paper:
    """A drawing in millimetres."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {_mm(width)} {_mm(height)}",
                "width": f"{_mm(width)}mm",
                "height": f"{_mm(height)}mm",
                "font-family": _FACE,
                "role": "img",
            },
        )
        ET.SubElement(self.root, "title").text = title
        # A browser then prints each A4 of the drawing on a sheet of its own.
        ET.SubElement(self.root, "style").text = "@page { size: A4 portrait; margin: 0 }"
        self.rect(0, 0, width, height, fill="white", stroke="none")

    def text(
        self, x: float, y: float, content: str, size: float, *, bold: bool = False, color: str = "black",
        anchor: str = "start",
    ) -> None:  # fmt: skip
        """A line of text; `y` is its base line."""
        given = {"x": _mm(x), "y": _mm(y), "font-size": _mm(size)}
        if bold:
            given["font-weight"] = "bold"
        if color != "black":
            given["fill"] = color
        if anchor != "start":
            given["text-anchor"] = anchor
        ET.SubElement(self.root, "text", given).text = content

    def rect(
        self, x: float, y: float, width: float, height: float, *, fill: str = "white", stroke: str = "black",
        thick: float = 0.3, round_: float = 0.0, dashed: bool = False,
    ) -> None:  # fmt: skip
        given = {"x": _mm(x), "y": _mm(y), "width": _mm(width), "height": _mm(height), "fill": fill}
        if stroke != "none":
            given |= {"stroke": stroke, "stroke-width": _mm(thick)}
        if round_:
            given["rx"] = _mm(round_)
        if dashed:
            given["stroke-dasharray"] = "1.2 0.9"
        ET.SubElement(self.root, "rect", given)

    def line(
        self, points: Sequence[Point], *, thick: float = 0.3, dashed: bool = False, color: str = "black"
    ) -> None:
        given = {
            "points": " ".join(f"{_mm(x)},{_mm(y)}" for x, y in points),
            "fill": "none",
            "stroke": color,
            "stroke-width": _mm(thick),
            "stroke-linejoin": "round",
        }
        if dashed:
            given["stroke-dasharray"] = "1.2 0.9"
        ET.SubElement(self.root, "polyline", given)

    def arrow(self, points: Sequence[Point], *, thick: float = 0.3, dashed: bool = False) -> None:
        """A line with a head at its last point."""
        (x0, y0), (x1, y1) = points[-2], points[-1]
        length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 0.001)
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        back = (x1 - ux * 1.8, y1 - uy * 1.8)
        self.line([*points[:-1], back], thick=thick, dashed=dashed)
        corners = [
            (x1, y1),
            (back[0] - uy * 0.9, back[1] + ux * 0.9),
            (back[0] + uy * 0.9, back[1] - ux * 0.9),
        ]
        ET.SubElement(
            self.root,
            "polygon",
            {"points": " ".join(f"{_mm(x)},{_mm(y)}" for x, y in corners), "fill": "black"},
        )

    def __str__(self) -> str:
        ET.indent(self.root, " ")
        drawn = harmless(ET.tostring(self.root, encoding="unicode"))  # a control is no XML
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}\n'


def _mm(length: float) -> str:
    return f"{length:.2f}".rstrip("0").rstrip(".")
