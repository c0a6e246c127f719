"""What was typed or pressed becomes a command: one table of meanings for every surface.

The words are those of `docs/conversation.md`, French and English at once, accents optional. A line that can't be
understood is a value too, with what would do. Nothing here writes, reads a file, or knows which surface it serves.
"""

from bots.inbound.facts import as_typed
from bots.inbound.parse import speaker_of, understand
from bots.inbound.reasons import is_thin
from bots.inbound.values import Asked, Context, Heard, Misheard, Shown, Understood
from bots.inbound.vocabulary import WORDS

__all__ = [
    "WORDS", "Asked", "Context", "Heard", "Misheard", "Shown", "Understood", "as_typed", "is_thin", "speaker_of",
    "understand",
]  # fmt: skip
