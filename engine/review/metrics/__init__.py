"""What an incident took, measured on its journal: docs/metrics.md says what each measure means, and after whom.

Pure. What lacks an operand is not measurable, never zero; a length that would be negative is refused with the two
entries that contradict each other.
"""

from engine.review.metrics.measured import Metrics, measured
from engine.review.metrics.outages import Outage
from engine.review.metrics.span import Moment, Span
from engine.review.metrics.stepping import StepTime
from engine.review.metrics.trends import Trend, trends

__all__ = ["Metrics", "Moment", "Outage", "Span", "StepTime", "Trend", "measured", "trends"]
