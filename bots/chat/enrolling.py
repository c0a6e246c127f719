"""Who an account is: a one-time code ties it to a person; whoever is not known gets a polite no and leaves no trace."""

from __future__ import annotations

import re
from typing import Final

from bots.answering import answers
from bots.answering.guesses import Guesses
from bots.chat.doing import no, told
from bots.chat.speaker import Speaker
from bots.chat.values import Answer, Caller
from bots.inbound.vocabulary import WORDS, plain
from bots.lines import Line
from engine.core import commands as c
from engine.core.house import HOUSE, codes
from engine.core.house.commands import Enroll
from engine.core.refusal import Refused
from engine.i18n import LANGUAGES, Words

__all__ = ["code_in", "enroll", "guesser", "stranger"]

_LINE: Final = re.compile(r"\s*/?(?:tocsin\s+)?(?P<word>\S+)\s+(?P<code>[0-9A-Za-z-]{1,40})\s*")
_START: Final = "start"
"""What Telegram sends when somebody opens the bot by a link; also the English word that opens a procedure."""


def code_in(speaker: Speaker, text: str) -> str:
    """The one-time code that this line gives; empty when it gives none."""
    found = _LINE.fullmatch(text)
    word = plain(found["word"].split("@")[0]) if found else ""
    if found is None:
        return ""
    if word in WORDS["enroll"]:
        return found["code"]
    if word != _START:
        return ""
    waits = speaker.office.home.house.invitation(speaker.surface, found["code"]) is not None
    guessed = not speaker.person and len(codes.plain(found["code"])) == codes.CODE_LENGTH
    return found["code"] if waits or guessed else ""


async def enroll(speaker: Speaker, code: str, guesses: Guesses) -> Answer:
    """Tie the account to whoever the code was drawn for. A code that is nobody's is no order: it leaves no trace."""
    account, home, key = speaker.caller.account, speaker.office.home, f"{speaker.caller.key}/0"
    if home.journal.receipt(key) is None and (why_not := _not_a_code(speaker, code, guesses)):
        return told([why_not], ok=False)
    order = c.Order(
        incident=HOUSE,
        command=Enroll(surface=account.surface, account=account.id, code=code),
        by="",
        at=speaker.office.now(),
        key=key,
        source=account.surface,
    )
    receipt = await home.desk.submit(order)
    if receipt.refused is not None:
        return told([answers.refused(receipt.refused, speaker.speech)], ok=False)
    person = home.world.directory.people.get(home.house.person(account.surface, account.id))
    if person is None:  # delivered again, and untied meanwhile
        return told([answers.refused(Refused("code_wrong"), speaker.speech)], ok=False)
    words = Words(person.lang if person.lang in LANGUAGES else speaker.town.words.lang)
    surface = words.say(f"chat.surface.{account.surface}")
    return told(
        [
            Line(kind="ok", text=words.say("chat.enrolled", person=person.name, surface=surface)),
            Line(kind="hint", text=words.say("chat.enrolled_next")),
        ]
    )


def guesser(caller: Caller) -> str:
    """Whose wrong codes are counted together."""
    return f"{caller.account.surface}:{caller.account.id}"


def _not_a_code(speaker: Speaker, code: str, guesses: Guesses) -> Line | None:
    """Why this code ties nothing; whoever guesses is slowed down."""
    account, now, who = speaker.caller.account, speaker.office.now(), guesser(speaker.caller)
    if until := guesses.rests_until(who, now):
        return Line(kind="no", text=speaker.say("house.pin_rest", at=speaker.speech.at(until)))
    waits = speaker.office.home.house.invitation(account.surface, code)
    if waits is None:
        guesses.was_wrong(who, now)
        return answers.refused(Refused("code_wrong"), speaker.speech)
    if waits.expires <= now:
        return answers.refused(Refused("code_expired", {"at": waits.expires}), speaker.speech)
    guesses.was_right(who)
    return None


def stranger(organisation: str) -> Answer:
    """In every language: we don't know whoever writes."""
    spoken = (Words(lang) for lang in LANGUAGES)
    return no("\n".join(words.say("chat.stranger", organisation=organisation) for words in spoken))
