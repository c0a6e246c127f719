"""What is answered to a line: what to show, and what is still to be asked before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from bots.inbound import Heard
from bots.lines import Line
from engine.core.commands import Command
from engine.core.receipt import Receipt
from engine.core.refusal import Refused

__all__ = ["Pending", "Reply", "Unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A command that was refused for want of one answer."""

    command: Command
    refused: Refused
    heard: Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """A line that is done only once the person says that they mean it; `why` is a word of the catalogue."""

    heard: Heard
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to show: lines, whether all went well, whether the screen should be drawn, what is still missing."""

    lines: tuple[Line, ...] = ()
    ok: bool = True
    redraw: bool = False
    whole: bool = False
    """The screen was asked for: all of it."""
    details: bool = False
    """A step was asked for: its card with its details, where a screen is drawn; elsewhere the lines say the same."""
    of: str = ""
    """Whose screen, when it isn't that of whom the conversation is with."""
    pending: Pending | None = None
    unsure: Unsure | None = None
    question: str = ""
    """A fact that was asked about, as `run:name`: where a prompt can ask, it does."""
    receipts: tuple[Receipt, ...] = ()
    leave: bool = False
