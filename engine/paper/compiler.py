"""typst, with the font of the house and none of the machine's: the same text has the same pages everywhere."""

from __future__ import annotations

from pathlib import Path

import fontpkg_atkinson_hyperlegible
import typst

__all__ = ["compiler"]


def compiler(template: Path | bytes) -> typst.Compiler:
    """What sets this template, which may read nothing but what stands beside it."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        font_paths=[str(fontpkg_atkinson_hyperlegible.ROOT / "files")],
    )
    if isinstance(template, bytes):
        return typst.Compiler(input=template, font_paths=fonts, ignore_system_fonts=True)
    return typst.Compiler(input=template, root=template.parent, font_paths=fonts, ignore_system_fonts=True)
