"""typst, with the font of the house and none of the machine's: the same log has the same pages everywhere."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import typst

__all__ = ["png", "press"]

_RULED = (
    b"#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
    b'#image(bytes(sys.inputs.svg), format: "svg")\n'
)


def press(template: Path | bytes) -> typst.Compiler:
    """What sets this template, which may read nothing beside it."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        font_paths=[str(files("fontpkg_atkinson_hyperlegible").joinpath("files"))],
    )
    if isinstance(template, bytes):
        return typst.Compiler(input=template, font_paths=fonts, ignore_system_fonts=True)
    return typst.Compiler(input=template, root=template.parent, font_paths=fonts, ignore_system_fonts=True)


def png(svg: str, dots_per_inch: float = 200) -> bytes:
    """A drawing as a picture, for what reads no SVG."""
    printed = press(_RULED).compile(format="png", ppi=dots_per_inch, sys_inputs={"svg": svg})
    assert isinstance(printed, bytes)
    return printed
