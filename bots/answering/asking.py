"""Whoever asks something, from any surface: the same questions have the same answers."""

from __future__ import annotations

from typing import Protocol

from bots.answering.office import Office
from bots.inbound import Context, Shown
from engine.core.cards import Scene
from engine.core.incident import Incident
from engine.speech import Speech

__all__ = ["Asking"]


class Asking(Protocol):
    """Who asks, about which incident, having seen what."""

    @property
    def office(self) -> Office: ...
    @property
    def incident_id(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def shown(self) -> Shown: ...
    @property
    def deaf_to(self) -> tuple[str, ...]:
        """The words that mean nothing where they ask: in a chat there is nothing to leave."""

    @property
    def incident(self) -> Incident: ...
    @property
    def scene(self) -> Scene: ...
    @property
    def speech(self) -> Speech: ...
    @property
    def context(self) -> Context: ...
    def look_at(self, run: int, track: str) -> None:
        """Put this step in front."""
