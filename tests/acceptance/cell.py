"""Five people who follow what their phones show: they press what is there, and answer what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bots.chat.token import read
from bots.inbound.pressed import Intent
from tests.acceptance.night import SLACK, TELEGRAM, Night

__all__ = ["Button", "Cell"]

_ANSWERS = {"datepicker": "2026-11-20", "number_input": "3", "plain_text_input": "vu par la cellule"}
_WORDS = "vu par la cellule"


@dataclass(frozen=True)
class Button:
    """What somebody sees and may press. `where`: message and chat, as their platform names them."""

    person: str
    label: str
    intent: Intent
    where: tuple[Any, Any]
    raw: Any


@dataclass
class Cell:
    """The hands of everybody."""

    night: Night
    pressed: int = 0
    failed: list[str] = field(default_factory=list)
    """Presses that showed an error of the platform: the bot did not answer in time."""

    # What they see in private

    def buttons(self, person: str) -> list[Button]:
        """The buttons in front of somebody, those of the newest message last."""
        found = self._telegram(person) if person in TELEGRAM else self._slack(person)
        return list(found)

    def _telegram(self, person: str) -> Iterator[Button]:
        number = TELEGRAM[person]
        for message in self.night.telegram.shown(number):
            for one in message.buttons:
                intent = read(one.get("callback_data", ""))
                if intent is not None:
                    yield Button(person, one["text"], intent, (message.id, number), one)

    def _slack(self, person: str) -> Iterator[Button]:
        user = SLACK[person]
        for message in self.night.slack.private(user):
            for label, one in message.buttons.items():
                intent = read(one.get("value", ""))
                if intent is not None:
                    yield Button(person, label, intent, (message, user), one)

    def outcomes(self, person: str) -> list[Button]:
        return [one for one in self.buttons(person) if one.intent.act == "outcome"]

    # What they do

    async def press(self, button: Button, twice: bool = False) -> bool:
        """Press, answer what is asked; whether the platform showed no error."""
        self.pressed += 1
        ok = await (
            self._press_telegram(button) if button.person in TELEGRAM else self._press_slack(button, twice)
        )
        if not ok:
            self.failed.append(f"{button.person} {button.label}")
        return ok

    async def _press_slack(self, button: Button, twice: bool) -> bool:
        slack, (message, user) = self.night.slack, button.where
        did = await slack.press(user, slack.workspace.private(user), message, button.raw)
        if twice:
            await slack.again(did)
        if not did.ok:
            return False
        for _ in range(4):
            view = slack.view(user)
            if view is None or view.closed:
                return True
            did = await slack.fill_modal(user, **dict(_filled(view.body)))
            if not did.ok:
                view.closed = True
                return False
            if did.errors:
                view.closed = True
                return True
        return True

    async def _press_telegram(self, button: Button) -> bool:
        telegram, (message, number) = self.night.telegram, button.where
        before = _last_id(self.night, number)
        pressed = await telegram.press_data(number, number, message, button.raw["callback_data"])
        for _ in range(8):
            question = await self._question(number, before)
            if question is None:
                break
            before = question.id
            choices = [one for one in question.buttons if "callback_data" in one]
            if choices:
                await telegram.press_data(number, number, question.id, choices[0]["callback_data"])
            else:
                telegram.send(number, number, _WORDS, reply_to=question.id)
        return not pressed.spinning

    async def _question(self, number: int, after: int) -> Any:
        """What the bot asks in private since then, if it does within a moment."""
        bot = self.night.telegram.world.bot.id

        def asked() -> list[Any]:
            shown = self.night.telegram.shown(number)
            return [one for one in shown if one.by == bot and one.id > after and _is_question(one)]

        await self.night.telegram.until(asked, 0.3)
        found = asked()
        return found[-1] if found else None

    async def type(self, person: str, line: str) -> None:
        """Type a line of the conversation, in private."""
        if person in TELEGRAM:
            self.night.telegram.send(TELEGRAM[person], TELEGRAM[person], f"/{line}")
        else:
            did = await self.night.slack.type_command(SLACK[person], "general", line)
            if not did.ok:
                self.failed.append(f"{person} /{line}")


def _last_id(night: Night, chat: int) -> int:
    return max((one.id for one in night.telegram.shown(chat)), default=0)


def _is_question(message: Any) -> bool:
    drafts = [one for one in message.buttons if str(one.get("callback_data", "")).startswith("q.")]
    return bool(drafts) or "force_reply" in message.markup


def _filled(body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """A plausible answer to each question that has to be answered."""
    for block in body["blocks"]:
        if block["type"] != "input" or block.get("optional"):
            continue
        element = block["element"]
        match element["type"]:
            case "static_select" | "radio_buttons":
                yield block["block_id"], element["options"][0]["value"]
            case "checkboxes" | "multi_static_select":
                yield block["block_id"], [one["value"] for one in element["options"]]
            case kind:
                yield block["block_id"], _ANSWERS.get(kind, _WORDS)
