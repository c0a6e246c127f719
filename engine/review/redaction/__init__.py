"""Take out of a copy what its reader should not get, by type and by what was declared sensitive; and count it."""

from engine.review.redaction.patterns import Scrubber
from engine.review.redaction.redactor import Redactor

__all__ = ["Redactor", "Scrubber"]
