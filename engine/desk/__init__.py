"""The desk: the only way to write. It answers an order once, after what it did is durable."""

from engine.desk.batch import Commit, Rules
from engine.desk.desk import Desk

__all__ = ["Commit", "Desk", "Rules"]
