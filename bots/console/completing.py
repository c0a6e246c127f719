"""Complete what is being typed: words, then what each word takes, as it is here and now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bots.console.talk import Talk
from bots.inbound import WORDS
from bots.inbound.vocabulary import BY, find_word, plain
from engine.core.cards import Place
from engine.core.commands import PickOutcome

__all__ = ["TalkCompleter", "candidates"]

Candidate = tuple[str, str]
"""What is inserted, and what it means."""

_OUTCOMES = ("done",)
_STEPS = ("take", "view", "skip", "goto", "blocked")
_PEOPLE = ("handover", "presence", "vacant")


class TalkCompleter(Completer):
    """Completion for one conversation."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        text = document.text_before_cursor.lstrip()
        typed = text.rpartition(" ")[2]
        for word, meaning in candidates(self._talk, text):
            if plain(word).startswith(plain(typed)) or not typed:
                yield Completion(word, start_position=-len(typed), display_meta=meaning)


def candidates(talk: Talk, text: str) -> Iterator[Candidate]:
    """What may come next in this line."""
    words = text.split(" ")
    if len(words) == 1:
        yield from _first(talk)
        return
    first = words[0]
    if plain(first) in BY or words[-1].startswith("@"):
        yield from _people(talk, at="@" if words[-1].startswith("@") else "")
        return
    meanings = find_word(first)
    if len(meanings) == 1:
        yield from _after(talk, meanings[0])


def _first(talk: Talk) -> Iterator[Candidate]:
    """Numbers and letters on the screen, then words in the reader's language."""
    for number, pick in enumerate(talk.shown.outcomes, 1):
        run = talk.incident.runs.get(pick.run) if isinstance(pick, PickOutcome) else None
        if run is not None and isinstance(pick, PickOutcome):
            step = talk.scene.definition(run).step(pick.track, pick.step)
            yield str(number), step.outcomes[pick.outcome].label
    lang = 0 if talk.office.words.lang == "fr" else -1
    for meaning, forms in WORDS.items():
        word = forms[lang] if meaning != "help" else ("aide", "help")[lang]
        yield word, talk.speech.say(f"inbound.help.{meaning}")


def _after(talk: Talk, meaning: str) -> Iterator[Candidate]:
    if meaning in _OUTCOMES:
        yield from _steps(talk)
        yield from _outcomes(talk)
    elif meaning in _STEPS:
        yield from _steps(talk)
    elif meaning in _PEOPLE:
        yield from _people(talk)
    elif meaning == "fact":
        yield from _facts(talk)
    elif meaning == "start":
        yield from talk.office.runbooks.items()
    elif meaning in ("tick", "untick"):
        yield from _boxes(talk)
    elif meaning == "role":
        yield from ((role, talk.speech.role(role)) for role in talk.scene.world.directory.roles)
    elif meaning == "activity":
        yield from ((name, one.title) for name, one in talk.office.register.items())
    elif meaning == "application":
        yield from ((name, one.title) for name, one in talk.scene.world.applications.items())
    elif meaning == "clock":
        yield from ((name, talk.office.titles.get(name, name)) for name in talk.incident.clocks)


def _places(talk: Talk) -> Iterator[Place]:
    return talk.scene.places()


def _steps(talk: Talk) -> Iterator[Candidate]:
    return ((place.cursor.step, place.step.title) for place in _places(talk))


def _outcomes(talk: Talk) -> Iterator[Candidate]:
    for place in _places(talk):
        for name in place.definition.pressable(place.step):
            yield name, place.step.outcomes[name].label


def _boxes(talk: Talk) -> Iterator[Candidate]:
    for place in _places(talk):
        for number, item in enumerate(place.step.checklist, 1):
            if number not in place.cursor.ticks:
                yield str(number), item.do


def _facts(talk: Talk) -> Iterator[Candidate]:
    for place in _places(talk):
        for name in place.step.ask:
            spec = place.definition.facts.get(name)
            if spec is None:
                continue
            yield f"{name}=", spec.label
            for choice, label in spec.choices.items():
                yield f"{name}={choice}", label


def _people(talk: Talk, at: str = "") -> Iterator[Candidate]:
    return ((f"{at}{one.id}", one.name) for one in talk.scene.world.directory.people.values())
