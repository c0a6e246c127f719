"""What the closed incidents and exercises of a town propose to change in its plan, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.continuity.lessons import Lesson, lessons
from engine.core.house.staff import Judged
from engine.core.quantities import Instant
from engine.home.continuity import town_of
from engine.home.home import Home

__all__ = ["lessons_of", "owners"]


def lessons_of(home: Home, now: Instant) -> Iterator[tuple[Lesson, Judged | None]]:
    """Each proposal, the latest incident first, with what was said of it; JournalUnavailable if it can't be read."""
    town, judged = town_of(home, now), home.house.staff.lessons
    for incident in reversed(list(home.desk.incidents())):
        if incident.status == "closed":
            entries = home.journal.reader.entries(incident.id)
            for one in lessons(incident, entries, town, home.shelf.definition):
                yield one, judged.get(one.id)


def owners(home: Home, lesson: Lesson) -> tuple[str, ...]:
    """Who may take or refuse it."""
    directory = home.world.directory
    post = directory.roles.get(lesson.owner)
    return tuple(dict.fromkeys((*(post.people if post else ()), *directory.directors())))
