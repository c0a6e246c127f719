"""Ask for what is missing: are you sure, for what reason, which answer. Nothing is done if none is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from bots.answering.naming import asked, named
from bots.console.reply import Pending, Reply, Unsure
from bots.console.talk import Talk
from bots.inbound import Misheard, is_thin, understand
from bots.inbound.vocabulary import BY, NO, YES, find_word, is_word, plain
from bots.lines import Line

__all__ = ["Asker", "doubt", "leaves"]


def leaves(answer: str) -> bool:
    """Whether this asks to leave, at whatever prompt."""
    return find_word(answer) == ("quit",)


def doubt(talk: Talk, unsure: Unsure) -> Line:
    """What would be done, and why it is asked about first."""
    names = named(talk.scene, unsure.heard.commands[0])
    key = f"console.unsure.{unsure.why}"
    if not names.get("people", "-"):
        key = f"{key}_without_people"
    return Line(kind="hand", text=talk.speech.say(key, **names))


@dataclass
class Asker:
    """Whoever asks at the prompt. `ask` gives None when the person refuses to answer (Ctrl-C, Ctrl-D)."""

    talk: Talk
    ask: Callable[[str], Awaitable[str | None]]
    ask_hidden: Callable[[str], Awaitable[str | None]]
    """The same, and what is typed is not shown."""
    show: Callable[[Iterable[Line]], None]

    async def sure(self, unsure: Unsure) -> Reply | None:
        """Ask whether a line was meant. The first choice is the harmless one: a finger that repeats does nothing."""
        self.show([doubt(self.talk, unsure)])
        said = await self._chosen("sure")
        return self.talk.sure(unsure) if said == 2 else self._left(said)

    async def finish(self, pending: Pending) -> Reply | None:
        """Ask for what a command lacked."""
        match pending.refused.code:
            case "confirm_needed":
                said = await self._chosen("sure")
                return self.talk.finish(pending, "") if said == 2 else self._left(said)
            case "second_way_needed":
                pin = await self.ask_hidden(self.talk.office.words.say("house.pin_prompt"))
                return self.talk.finish(pending, pin) if pin else None
            case "facts_missing":
                name = str(pending.refused.facts["names"][0])  # type: ignore[index]
                return await self._answered(name, 0, lambda answer: self.talk.finish(pending, answer))
            case _:
                return await self._reason(pending)

    async def fact(self, question: str) -> Reply | None:
        """Ask the question whose letter was typed."""
        run, _, name = question.partition(":")
        return await self._answered(name, int(run), lambda answer: self.talk.answer(name, answer, int(run)))

    async def _answered(self, name: str, run: int, done: Callable[[str], Reply]) -> Reply | None:
        label, choices = asked(self.talk.scene, self.talk.speech, name, run, numbered=True)
        answer = await self.ask(
            self.talk.speech.say("console.prompt.answer", question=label, choices=choices)
        )
        if not answer:
            return None
        return Reply(leave=True) if leaves(answer) else done(answer)

    async def _reason(self, pending: Pending) -> Reply | None:
        """A reason of some words; what looks like a command is asked about, never kept as a reason by mistake."""
        say, facts = self.talk.speech.say, pending.refused.facts
        what = facts.get("what") or facts.get("outcome", "")
        while True:
            answer = await self.ask(
                say("console.prompt.reason", what=self.talk.speech.titles.get(str(what), what))
            )
            if not answer:
                return None
            if leaves(answer):
                return Reply(leave=True)
            if self._is_command(answer):
                self.show([Line(kind="no", text=say("console.unsure.command", text=answer))])
                said = await self._chosen("command")
                if said == 1:
                    self.show([Line(kind="hint", text=say("console.prompt.dropped"))])
                    return self.talk.hear(answer)
                if said != 2:
                    return self._left(said)
            if not is_thin(answer):
                return self.talk.finish(pending, answer)
            self.show([Line(kind="no", text=say("inbound.misheard.thin_reason"))])

    def _is_command(self, answer: str) -> bool:
        """A line that starts with one of our words, right or wrong; or with somebody who speaks, and is understood.

        A verb whose step or outcome isn't found is a slip in a command still: asked about, it costs one key.
        """
        first = answer.split(maxsplit=1)[0]
        if is_word(first):
            return True
        if not (plain(first) in BY or first.startswith(("@", "/", "?"))):
            return False
        return not isinstance(understand(answer, self.talk.context), Misheard)

    async def _chosen(self, key: str) -> int:
        """1 or 2; 0 for none, -1 to leave. Anything else is asked again."""
        say = self.talk.speech.say
        while True:
            answer = await self.ask(say(f"console.prompt.{key}"))
            if not answer:
                return 0
            if leaves(answer):
                return -1
            if answer in ("1", "2"):
                return int(answer)
            if key == "sure" and plain(answer) in (*YES, *NO):
                return 2 if plain(answer) in YES else 1
            self.show([Line(kind="no", text=say("console.prompt.one_or_two"))])

    def _left(self, said: int) -> Reply | None:
        return Reply(leave=True) if said < 0 else None
