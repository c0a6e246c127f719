"""A drawing as a picture, for what reads no SVG."""

from __future__ import annotations

from engine.paper.compiler import compiler

__all__ = ["png"]

_RULED = (
    b"#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
    b'#image(bytes(sys.inputs.svg), format: "svg")\n'
)


def png(svg: str, dots_per_inch: float = 200) -> bytes:
    """The picture of this drawing."""
    printed = compiler(_RULED).compile(format="png", ppi=dots_per_inch, sys_inputs={"svg": svg})
    assert isinstance(printed, bytes)
    return printed
