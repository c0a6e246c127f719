"""Pictures of a procedure: Mermaid to read in a browser, SVG to print."""

from engine.library.diagram.mermaid import mermaid
from engine.library.diagram.plan import Plan, planned
from engine.library.diagram.svg import pages, svg

__all__ = ["Plan", "mermaid", "pages", "planned", "svg"]
