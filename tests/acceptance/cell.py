"""Five people who follow what their phones show: they press what is there, and answer what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bots.chat.token import read
from bots.inbound.pressed import Intent
from tests.acceptance.night import SLACK, TELEGRAM, Night

__all__ = ["Button", "Cell", "Kept"]

_WORDS = "vu par la cellule"
_ANSWERS = {"datepicker": "2026-11-20", "number_input": "3", "plain_text_input": _WORDS}
_MOMENT = 0.3
"""Seconds that somebody looks whether something is asked of them."""


@dataclass(frozen=True)
class Button:
    """What somebody sees and may press. `where`: message and chat, as their platform names them."""

    person: str
    label: str
    intent: Intent
    where: tuple[Any, Any]
    raw: Any

    @property
    def asks(self) -> bool:
        """Whether it orders nothing by itself: it opens a form."""
        return self.intent.act == "tick" and not self.intent.what


@dataclass(frozen=True)
class Kept:
    """What was acknowledged to somebody: it must be in the journal, under the key of its delivery."""

    person: str
    what: str
    key: str


@dataclass
class Cell:
    """The hands of everybody."""

    night: Night
    twice: bool = False
    """Whatever is pressed or sent is delivered twice."""
    acknowledged: list[Kept] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """Presses that showed an error of the platform: the bot did not answer in time."""

    hands: dict[str, int] = field(default_factory=lambda: dict(TELEGRAM))
    """Who acts on Telegram, by their number there; the others act in Slack."""

    # What they see in private

    def buttons(self, person: str) -> list[Button]:
        """The buttons in front of somebody, those of the newest message last."""
        found = self._telegram(person) if person in self.hands else self._slack(person)
        return list(found)

    def _telegram(self, person: str) -> Iterator[Button]:
        number = self.hands[person]
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

    async def press(self, button: Button) -> bool:
        """Press, answer what is asked; whether the platform showed no error."""
        ok = await (self._press_telegram if button.person in self.hands else self._press_slack)(button)
        if not ok:
            self.failed.append(f"{button.person} {button.label}")
        return ok

    async def _press_slack(self, button: Button) -> bool:
        slack, (message, user) = self.night.slack, button.where
        told = len(slack.workspace.ephemerals)
        did = await slack.press(user, slack.workspace.private(user), message, button.raw)
        if not await self._took(button, did):
            return False
        await self._soon(lambda: slack.view(user) or len(slack.workspace.ephemerals) > told)
        for _ in range(4):
            view = slack.view(user)
            if view is None:
                return True
            body = view.body
            if "submit" not in body:  # it only tells something: there is nothing to send
                view.closed = True
                return True
            did = await slack.fill_modal(user, **await self._filled(user, body))
            if not await self._took(button, did):
                view.closed = True
                return False
            view.closed = view.closed or bool(did.errors)
        return True

    async def _took(self, button: Button, did: Any) -> bool:
        """Deliver it again, note that it was acknowledged."""
        if self.twice:
            await self.night.slack.again(did)
        if did.ok and not did.errors and (not button.asks or _news(did.payload)):
            self.acknowledged.append(Kept(button.person, button.label, _slack_key(did.payload)))
        return bool(did.ok)

    async def _filled(self, user: str, body: dict[str, Any]) -> dict[str, Any]:
        """A plausible answer to each question that has to be answered."""
        given: dict[str, Any] = {}
        for block in body["blocks"]:
            if block["type"] != "input":
                continue
            element, name = block["element"], block["block_id"]
            match element["type"]:
                case kind if block.get("optional") and kind != "checkboxes":
                    continue
                case "external_select":
                    given[name] = (await self.night.slack.options(user, name))[0]
                case "static_select" | "radio_buttons":
                    given[name] = element["options"][0]["value"]
                case "checkboxes" | "multi_static_select":
                    given[name] = [one["value"] for one in element["options"]]
                case kind:
                    given[name] = _ANSWERS.get(kind, _WORDS)
        return given

    async def _press_telegram(self, button: Button) -> bool:
        telegram, (message, number) = self.night.telegram, button.where
        before = _last_id(self.night, number)
        pressed = await telegram.press_data(number, number, message, button.raw["callback_data"])
        if self.twice:
            await self._again(pressed.update)
        if not pressed.spinning and not button.asks:
            key = f"telegram:{telegram.world.bot.id}:{pressed.update}"
            self.acknowledged.append(Kept(button.person, button.label, key))
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

    async def _again(self, update: int) -> None:
        """Deliver an update once more, as Telegram does when its confirmation was lost."""
        delivery = self.night.telegram.delivery
        if await self._soon(lambda: update in delivery.confirmed):
            delivery.again(update)

    async def _question(self, number: int, after: int) -> Any:
        """What the bot asks in private since then, if it does within a moment."""
        bot = self.night.telegram.world.bot.id

        def asked() -> list[Any]:
            shown = self.night.telegram.shown(number)
            return [one for one in shown if one.by == bot and one.id > after and _is_question(one)]

        await self._soon(asked)
        found = asked()
        return found[-1] if found else None

    async def _soon(self, true: Any) -> bool:
        return await self.night.telegram.until(true, _MOMENT)

    async def type(self, person: str, line: str) -> None:
        """Type a line of the conversation, in private."""
        if number := self.hands.get(person):
            self.night.telegram.send(number, number, f"/{line}")
        else:
            did = await self.night.slack.type_command(SLACK[person], "general", line)
            if not did.ok:
                self.failed.append(f"{person} /{line}")


def _last_id(night: Night, chat: int) -> int:
    return max((one.id for one in night.telegram.shown(chat)), default=0)


def _is_question(message: Any) -> bool:
    drafts = [one for one in message.buttons if str(one.get("callback_data", "")).startswith("q.")]
    return bool(drafts) or "force_reply" in message.markup


def _news(payload: dict[str, Any]) -> bool:
    """Whether the form of a checklist says anything that it did not say before."""
    if payload["type"] == "block_actions":
        return False
    boxes = (one["element"] for one in payload["view"]["blocks"] if one["type"] == "input")
    return any(one["options"] != one.get("initial_options", []) for one in boxes if "options" in one)


def _slack_key(payload: dict[str, Any]) -> str:
    """The key of this delivery, as docs/chat/slack.md has it."""
    if payload["type"] == "view_submission":
        view = payload["view"]
        return f"slack:{view['id']}:{view['hash']}:{payload['trigger_id']}"
    (action,) = payload["actions"]
    message = payload["container"]["message_ts"]
    return f"slack:{payload['user']['id']}:{message}:{action['action_id']}:{action['action_ts']}"
