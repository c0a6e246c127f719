"""The chat room: what people press, fill in, type, keep and bring becomes orders; what comes back is told to them.

The same for every platform: a door gives a `Caller` and a token, a line or values, and shows the `Answer`. Nothing
here is a rule of the crisis: whether something may be is the core's to say. An answer is given once what was done is
durable.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from bots.answering.guesses import Guesses
from bots.answering.proving import judged, may_try
from bots.chat import (
    blanking,
    bygone,
    contacting,
    declaring,
    enrolling,
    keeping,
    learning,
    listening,
    quizzing,
    reminding,
    showing,
    since,
)
from bots.chat.completing import PIN
from bots.chat.doing import Act, answered_before, do, no
from bots.chat.fields import FACT
from bots.chat.filling import Wrong, act_of, wrong_field
from bots.chat.forms import form_for
from bots.chat.recognising import Recognising
from bots.chat.speaker import Speaker
from bots.chat.token import read
from bots.chat.values import Answer, Attachment, Caller, Content, Field, Kept
from bots.inbound.pressed import Intent, command_of, place_at
from bots.inbound.vocabulary import plain
from engine.core import commands as c
from engine.core.decide import trust
from engine.home import Home
from engine.journal.errors import JournalUnavailable
from engine.timers import Clock

__all__ = ["Room"]

MOST = 100
"""Choices of a list: more, and a platform shows none."""
_FORMED = ("refuse",)
"""Presses that would be refused for want of what their form asks."""


class Room:
    """One town's chat, for all its platforms."""

    def __init__(self, home: Home, clock: Clock) -> None:
        self._home, self._clock = home, clock
        self._shelved = keeping.Shelved(home)
        self._guesses, self._proving = Guesses(), asyncio.Lock()
        self._who = Recognising(home, clock)
        self.blank: blanking.Blank = blanking.nothing
        """Takes our messages of an incident out of the chat; whoever has a relay sets it."""

    # What people do

    async def press(self, caller: Caller, token: str) -> Answer:
        """Do what a button means; or answer with the form of what it lacks."""
        return await self._answered(caller, token, self._pressed)

    async def filled(self, caller: Caller, token: str, values: Mapping[str, str]) -> Answer:
        """Do what a form was for, now that it is filled in. `many`: values separated by commas."""
        return await self._answered(
            caller, token, lambda speaker, intent: self._filled(speaker, intent, values)
        )

    async def say(self, caller: Caller, text: str) -> Answer:
        """Understand a typed line and do it: `/tocsin note …`, `/note …`, a line in private."""
        speaker = self._who.speaker(caller)
        if code := enrolling.code_in(speaker, text):
            return await self._told_if_broken(speaker, lambda: enrolling.enroll(speaker, code, self._guesses))
        if not speaker.person:
            return self.stranger(caller)
        return await self._once(speaker, lambda: listening.hear(self._who.placed(speaker), text))

    async def keep(self, caller: Caller, kept: Kept) -> Answer:
        """Make a message an entry of the incident."""
        speaker = self._who.known(caller)
        if speaker is None:
            return self.stranger(caller)
        placed = self._who.placed(speaker)
        if not placed.incident_id:
            return keeping.of_which(placed, listening.which(placed), listening.incidents(placed))
        return await self._told_if_broken(placed, lambda: keeping.keep(placed, kept))

    async def changed(self, caller: Caller, message: str, text: str | None) -> Answer:
        """The platform tells that a message was edited, or deleted (None). Whoever did it need not be known."""
        speaker = self._who.placed(self._who.speaker(caller), single=False)
        return await self._told_if_broken(
            speaker, lambda: keeping.note_change(speaker, self._shelved, message, text)
        )

    async def bring(self, caller: Caller, token: str, file: Attachment, text: str, when: str = "") -> Answer:
        """A file as evidence, for the step of this token; without one, for the incident. `when`: as a form asks it."""
        if not token:
            return await self._brought(caller, Intent(act="evidence"), file, text, when)
        return await self._answered(
            caller, token, lambda speaker, intent: self._brought(speaker.caller, intent, file, text, when)
        )

    def barred(self, caller: Caller, token: str = "") -> Answer | None:
        """Why no file is taken from here, before it is fetched: strangers must fill neither disk nor line."""
        known, intent = self._who.known(caller), read(token)
        if known is None:
            return self.stranger(caller)
        return showing.away(
            known.about(intent.incident) if intent and intent.incident else self._who.placed(known)
        )

    def wanted(self, caller: Caller) -> str | Answer:
        """What a file is that came in private without a word: its token; or what is asked, before it is fetched."""
        known = self._who.known(caller)
        if (barred := self.barred(caller)) is not None or known is None:
            return barred or self.stranger(caller)
        placed = self._who.placed(known)
        found = (
            [placed] if placed.incident_id else [known.about(one) for one, _ in listening.incidents(known)]
        )
        wanted = keeping.wanted_for(found) if found else no(listening.which(placed))
        return Answer(ok=False, content=wanted) if isinstance(wanted, Content) else wanted

    def options(self, caller: Caller, token: str, name: str, typed: str) -> tuple[tuple[str, str], ...]:
        """The choices of a field that fit what was typed so far."""
        speaker, intent = self._who.known(caller), read(token)
        if speaker is None or intent is None or showing.away(speaker.about(intent.incident)):
            return ()
        field = self._field(speaker.about(intent.incident), intent, name)
        choices = field.choices if field is not None else ()
        wanted = plain(typed)
        return tuple(one for one in choices if wanted in f"{plain(one[0])} {plain(one[1])}")[:MOST]

    def stranger(self, caller: Caller) -> Answer:
        """To whoever is not known: a polite no, in every language, and no word of any incident."""
        return enrolling.stranger(self._home.config.organisation.name)

    def rests(self, caller: Caller) -> bool:
        """Whether this account guessed too many codes: until it has rested, not even a right one is looked at."""
        return bool(self._guesses.rests_until(enrolling.guesser(caller), self._clock.now()))

    # Presses and forms

    async def _answered(
        self, caller: Caller, token: str, act: Callable[[Speaker, Intent], Awaitable[Answer]]
    ) -> Answer:
        speaker = self._who.known(caller)
        if speaker is None:
            return self.stranger(caller)
        intent = read(token)
        about = speaker.about(intent.incident) if intent is not None else speaker
        if intent is None or (intent.incident and about.incident.status == "none"):
            return no(speaker.say("chat.refused.token"))
        if not intent.incident and intent.act not in (
            "declare",
            "enroll",
            "help",
            "line",
            "quiz",
            "reach",
            "review",
        ):
            return no(speaker.say("chat.refused.token"))
        return await self._once(about, lambda: act(about, intent))

    async def _pressed(self, speaker: Speaker, intent: Intent) -> Answer:
        if (answer := await self._beside_the_work(speaker, intent)) is not None:
            return answer
        if intent.act == "blank":
            return showing.away(speaker) or blanking.asked(speaker, intent)
        shown = showing.shown(speaker, intent)
        if shown is not None:
            return shown
        command = self._ordered(speaker, intent)
        if command is not None:
            return await do(speaker, Act(commands=(command,)))
        if away := showing.away(speaker):
            return away
        form = form_for(speaker, intent)
        if form is None or not form.fields:
            return await self._stale(speaker, intent)
        return Answer(form=form)

    async def _beside_the_work(self, speaker: Speaker, intent: Intent) -> Answer | None:
        match intent.act:
            case "declare":
                return showing.shut(speaker) or Answer(form=declaring.declare_form(speaker))
            case "quiz":
                return quizzing.pressed(speaker, intent)
            case "reach":
                return await contacting.pressed(speaker, intent)
            case "lesson":
                return await learning.pressed(speaker, intent)
            case "review":
                return await reminding.pressed(speaker, intent)
            case "enroll" | "help":
                return await listening.hear(speaker, "aide")
            case _:
                return None

    def _ordered(self, speaker: Speaker, intent: Intent) -> c.Command | None:
        """The command of a press that asks for nothing first."""
        if intent.act == "since":
            return since.ordered(speaker, intent)
        return None if intent.act in _FORMED else command_of(intent, speaker.scene)

    async def _stale(self, speaker: Speaker, intent: Intent) -> Answer:
        """A form about a step that has moved on: the core says who moved it and when, and nothing is changed."""
        at = place_at(intent, speaker.scene)
        if at is None:
            return no(speaker.say("chat.refused.token"))
        take = c.TakeStep(run=at.run, track=at.track, step=at.step, visit=at.visit)
        if listening.stands(speaker, at):
            return no(speaker.say("chat.refused.nothing_to_ask"))
        return await do(speaker, Act(commands=(take,)))

    async def _filled(self, speaker: Speaker, intent: Intent, values: Mapping[str, str]) -> Answer:
        if not values.get("confirm", "yes").strip():
            why = speaker.say("chat.wrong.confirm")
            return Answer(ok=False, errors={"confirm": why}, short=why)
        match intent.act:
            case "line":
                return await listening.completed(speaker, values)
            case "reach":
                return await contacting.filled(speaker, intent, values)
            case "lesson":
                return await learning.filled(speaker, intent, values)
            case "blank":
                return showing.away(speaker) or await blanking.blanked(speaker, self.blank, values)
            case "approve":
                return await self._signed(speaker, intent, values.get(PIN, ""))
            case _:
                return await self._written(speaker, intent, values)

    async def _written(self, speaker: Speaker, intent: Intent, values: Mapping[str, str]) -> Answer:
        try:
            if intent.act == "declare":
                return await declaring.declared(speaker, values)
            act = act_of(speaker, intent, values)
        except Wrong as wrong:
            return Answer(ok=False, errors={wrong.field: wrong.text}, short=wrong.text)
        if act is None:
            return await self._stale(speaker, intent)
        return await do(speaker, act, field=wrong_field)

    async def _signed(self, speaker: Speaker, intent: Intent, pin: str) -> Answer:
        """A yes with a PIN: checked in a thread, slow on purpose; one at a time, so that tries count."""
        office, person = speaker.office, speaker.person
        if hidden := showing.away(speaker):
            return hidden  # whoever has got in there tries no PIN, and uses up the tries of nobody
        async with self._proving:
            why_not = may_try(office, self._guesses, person)
            if why_not is None:
                right = await asyncio.to_thread(self._home.house.is_pin, person, pin)
                why_not = judged(office, self._guesses, person, right=right)
        if why_not is not None:
            return Answer(ok=False, short=why_not.text, errors={PIN: why_not.text})
        return await do(speaker, Act(commands=(c.Approve(approval=intent.what, proof=trust.PIN),)))

    async def _brought(
        self, caller: Caller, intent: Intent, file: Attachment, text: str, when: str
    ) -> Answer:
        known = self._who.known(caller)
        if known is None:
            return self.stranger(caller)
        speaker = known.about(intent.incident) if intent.incident else self._who.placed(known)
        if not speaker.incident_id:
            return no(listening.which(speaker))
        if hidden := showing.away(speaker):
            return hidden  # a file that no entry will name is not stored
        at = place_at(intent, speaker.scene) if intent.run else None
        return await self._once(speaker, lambda: keeping.bring(speaker, at, file, text, when.strip()))

    def _field(self, speaker: Speaker, intent: Intent, name: str) -> Field | None:
        if intent.act == "declare":
            form = declaring.declare_form(speaker)
        elif intent.act == "line":
            return Field(name=name, label="", choices=listening.incidents(speaker) or bygone.closed(speaker))
        else:
            found = form_for(speaker, intent)
            if found is None:
                return None
            form = found
        return next((one for one in form.fields if one.name in (name, f"{FACT}{name}")), None)

    async def _once(self, speaker: Speaker, act: Callable[[], Awaitable[Answer]]) -> Answer:
        """What a platform delivers again was done already."""

        async def done() -> Answer:
            return answered_before(speaker) or await act()

        return await self._told_if_broken(speaker, done)

    async def _told_if_broken(self, speaker: Speaker, act: Callable[[], Awaitable[Answer]]) -> Answer:
        try:
            return await act()
        except JournalUnavailable as error:
            return no(error.tell(speaker.office.words))
