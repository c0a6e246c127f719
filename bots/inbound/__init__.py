"""What was typed or pressed becomes a command: one table of meanings for every surface.

The words are those of `docs/conversation.md`, French and English at once, accents optional. A line that can't be
understood is a value too, with what would do. Nothing here writes, reads a file, or knows which surface it serves.
"""

from bots.inbound.parse import understand
from bots.inbound.values import Asked, Context, Heard, Misheard, Shown, Understood
from bots.inbound.vocabulary import WORDS

__all__ = ["WORDS", "Asked", "Context", "Heard", "Misheard", "Shown", "Understood", "understand"]
