"""What the kit is made from: a town's library, its people as they are today, and the language of the labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.core.directory import Person
from engine.core.quantities import Duration
from engine.core.specs import ClockSpec
from engine.core.world import World
from engine.i18n import Words
from engine.library.catalogue import Library

__all__ = ["BLANK", "Material"]

BLANK = "……………………"
"""Where a hand writes what nobody had written."""
_UNSURE = frozenset({"a_confirmer", "memoire"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything that a page may borrow."""

    library: Library
    world: World
    words: Words

    def word(self, key: str, /, **facts: object) -> str:
        """A text of the paper, in the language of the labels."""
        return self.words.say(f"paper.{key}", **facts)

    def lines(self, key: str) -> tuple[str, ...]:
        """A text of several lines, one thing a line."""
        return tuple(line for line in self.word(key).splitlines() if line)

    def role(self, role: str) -> str:
        key = f"cards.role_name.{role}"
        return self.words.say(key) if self.words.has(key) else role.replace("_", " ").capitalize()

    def people(self, role: str) -> Iterator[Person]:
        """Whom to call for a role, in order; those who take it over when nobody holds it come last."""
        directory = self.world.directory
        post = directory.roles.get(role)
        called = list(post.people) if post else []
        if not called:
            for other in directory.fallback.get(role, ()):
                called += directory.roles[other].people if other in directory.roles else ()
            called += directory.directors()
        return (directory.people[one] for one in dict.fromkeys(called) if one in directory.people)

    def reached(self, person: Person) -> str:
        """A name and the number to dial, or room for it."""
        return f"{person.name}  {person.phone or BLANK}"

    def delay(self, clock: ClockSpec) -> str:
        if clock.delay is not None:
            return self.spelled(clock.delay)
        return self.word("clock.immediate") if clock.immediate else clock.varies or self.word("clock.varies")

    def spelled(self, delay: Duration) -> str:
        """A delay with the measures that are no household words written out."""
        if delay.working_days:
            return self.word("delay.working_days", count=delay.working_days)
        if delay.working_hours:
            return self.word("delay.working_hours", count=delay.working_hours)
        return str(delay)

    def day(self, written: str) -> str:
        """A day as it is printed; what is no day stays as it was written."""
        try:
            return f"{date.fromisoformat(written):%d/%m/%Y}"
        except ValueError:
            return written

    def certainty(self, level: str) -> str:
        """What to think of a fact, where there is something to think: nothing for what was seen written."""
        if level in _UNSURE:
            return self.word("certainty.unsure")
        return self.word("certainty.not_in_force") if level == "non_applicable" else ""
