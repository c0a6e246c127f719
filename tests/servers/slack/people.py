"""What people do in Slack, and what they see: clicks, commands, modals, reactions, messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.servers.slack.blocks import plain, view_slips
from tests.servers.slack.delivery import Acked
from tests.servers.slack.workspace import Channel, Message, View
from tests.servers.slack.writing import Writing

__all__ = ["Did", "Seen", "Slack"]


@dataclass(frozen=True)
class Did:
    """What came of a gesture. `ok` is false when the person was shown an error."""

    acked: Acked
    errors: dict[str, str] = field(default_factory=dict)
    """Of a modal, beside its fields."""
    view: View | None = None
    """The modal that is in front now."""
    payload: dict[str, Any] = field(default_factory=dict)
    """What was delivered: to be delivered once more."""

    @property
    def ok(self) -> bool:
        return self.acked.ok


@dataclass(frozen=True)
class Seen:
    """A message as a person sees it."""

    ts: str
    text: str
    """The words of its notification."""
    words: str
    """The words of its blocks."""
    buttons: dict[str, dict[str, Any]]
    mine: bool
    message: Any

    def __contains__(self, words: str) -> bool:
        return words in self.words or words in self.text


def seen(message: Any) -> Seen:
    buttons = {
        one["text"]["text"]: {**one, "block_id": block.get("block_id", "b")}
        for block in message.blocks
        if block["type"] == "actions"
        for one in block["elements"]
        if one["type"] == "button"
    }
    words = plain(message.blocks) if message.blocks else message.text
    return Seen(message.ts, message.text, words, buttons, getattr(message, "mine", True), message)


class Slack(Writing):
    """The server and its people."""

    # What is seen

    def messages(self, channel: str) -> list[Seen]:
        """What stands in a channel, oldest first."""
        found = self.workspace.channel(channel).messages.values()
        return [seen(one) for one in sorted(found, key=lambda one: one.ts)]

    def private(self, user: str) -> list[Seen]:
        """What the bot and somebody told each other."""
        return self.messages(self.workspace.private(user).id)

    def told(self, user: str) -> list[Seen]:
        """What was shown to this person alone."""
        return [seen(one) for one in self.workspace.ephemerals if one.user == user]

    async def last_told(self, user: str, beyond: int = 0) -> Seen:
        """The next thing that is shown to this person alone, after so many."""
        await self.until(lambda: len(self.told(user)) > beyond, f"nothing told to {user}")
        return self.told(user)[-1]

    def view(self, user: str) -> View | None:
        """The modal in front of somebody."""
        living = [one for one in self.workspace.views.values() if one.user == user and not one.closed]
        return living[-1] if living else None

    async def modal(self, user: str) -> View:
        """The modal that comes in front of somebody."""
        found: View = await self.until(lambda: self.view(user), f"no modal for {user}")
        return found

    # Gestures

    async def click(self, user: str, channel: str, label: str, *, ts: str = "") -> Did:
        """Press a button, by its label: of this message, else of the newest that has it."""
        found = self.workspace.channel(channel)
        shown = [*self.messages(channel), *(one for one in self.told(user))]
        shown = [one for one in shown if label in one.buttons and ts in ("", one.ts)]
        if not shown:
            raise KeyError(f"no button {label!r} in {found.name or found.id}")
        return await self.press(user, found, shown[-1], shown[-1].buttons[label])

    async def press(self, user: str, channel: Channel, message: Seen, button: dict[str, Any]) -> Did:
        """Press this button, even if it is no longer there: phones show what they last drew."""
        ephemeral = not isinstance(message.message, Message)
        payload = {
            "type": "block_actions",
            "user": self._user(user),
            "team": {"id": self.workspace.team, "domain": "valmont"},
            "api_app_id": "A0TOCSIN",
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": channel.id,
                "is_ephemeral": ephemeral,
            },
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "trigger_id": self.api.trigger(user),
            "response_url": self.response_url(user, channel.id, message.ts),
            "actions": [
                {
                    "type": "button",
                    "action_id": button["action_id"],
                    "block_id": button["block_id"],
                    "value": button.get("value", ""),
                    "text": button["text"],
                    "action_ts": self.workspace.ts(),
                }
            ],
        }
        if not ephemeral:
            payload["message"] = message.message.as_json()
        return Did(await self.delivery.tell("interactive", payload), payload=payload)

    async def press_tab(self, user: str, label: str) -> Did:
        """Press a button of one's own tab: there is no channel there, nor an address to answer to."""
        blocks = self.workspace.homes[user]["blocks"]
        shown = (one for row in blocks if row["type"] == "actions" for one in row["elements"])
        button = next(one for one in shown if one["text"]["text"] == label)
        action = {name: button[name] for name in ("type", "action_id", "value", "text")}
        action |= {"block_id": "b", "action_ts": self.workspace.ts()}
        payload = {
            "type": "block_actions",
            "user": self._user(user),
            "team": {"id": self.workspace.team, "domain": "valmont"},
            "api_app_id": "A0TOCSIN",
            "container": {"type": "view", "view_id": f"V{user}"},
            "view": {"id": f"V{user}", "type": "home"},
            "trigger_id": self.api.trigger(user),
            "actions": [action],
        }
        return Did(await self.delivery.tell("interactive", payload), payload=payload)

    async def again(self, did: Did) -> Did:
        """Deliver the same gesture once more, in another envelope."""
        kind = "slash_commands" if "command" in did.payload else "interactive"
        return Did(await self.delivery.tell(kind, did.payload), payload=did.payload)

    async def type_command(self, user: str, channel: str, text: str) -> Did:
        """Type `/tocsin` with this text."""
        found = self.workspace.channel(channel)
        payload = {
            "command": "/tocsin",
            "text": text,
            "user_id": user,
            "user_name": user.lower(),
            "team_id": self.workspace.team,
            "channel_id": found.id,
            "channel_name": found.name or "directmessage",
            "trigger_id": self.api.trigger(user),
            "response_url": self.response_url(user, found.id),
            "api_app_id": "A0TOCSIN",
        }
        acked = await self.delivery.tell("slash_commands", payload)
        if acked.ok and acked.payload:
            self.tell(user, found.id, acked.payload)
        return Did(acked, payload=payload)

    async def shortcut(self, user: str, channel: str, ts: str, callback: str) -> Did:
        """Choose the app's entry in the menu of a message."""
        found = self.workspace.channel(channel)
        payload = {
            "type": "message_action",
            "callback_id": callback,
            "user": self._user(user),
            "team": {"id": self.workspace.team},
            "channel": {"id": found.id, "name": found.name},
            "message_ts": ts,
            "action_ts": self.workspace.ts(),
            "message": found.messages[ts].as_json(),
            "trigger_id": self.api.trigger(user),
            "response_url": self.response_url(user, found.id),
        }
        return Did(await self.delivery.tell("interactive", payload), payload=payload)

    async def options(self, user: str, block: str, typed: str = "") -> list[str]:
        """What a select that asks the app offers for these letters."""
        view = self.view(user)
        assert view is not None
        (element,) = (one["element"] for one in view.body["blocks"] if one.get("block_id") == block)
        payload = {
            "type": "block_suggestion",
            "user": self._user(user),
            "team": {"id": self.workspace.team},
            "action_id": element["action_id"],
            "block_id": block,
            "value": typed,
            "view": view.as_json(self.workspace.team),
            "container": {"type": "view", "view_id": view.id},
        }
        acked = await self.delivery.tell("interactive", payload)
        self._offered[block] = (acked.payload or {}).get("options", [])
        return [one["text"]["text"] for one in self._offered[block]]

    async def fill_modal(self, user: str, **values: Any) -> Did:
        """Fill the modal in front and send it. Fields by block id; choices by label or value."""
        view = await self.modal(user)
        state: dict[str, Any] = {}
        for block in view.body["blocks"]:
            if block["type"] != "input":
                continue
            given = values.pop(block["block_id"], None)
            if given is None and not block.get("optional") and not _initial(block["element"]):
                raise AssertionError(f"Slack asks for {block['block_id']} before it sends the modal")
            name = block["element"]["action_id"]
            state[block["block_id"]] = {name: self._state(block, given)}
        assert not values, f"no such fields: {sorted(values)}"
        payload = {
            "type": "view_submission",
            "user": self._user(user),
            "team": {"id": self.workspace.team},
            "trigger_id": self.api.trigger(user),
            "view": {**view.as_json(self.workspace.team), "state": {"values": state}},
        }
        return await self.submit(view, payload)

    async def submit(self, view: View, payload: dict[str, Any]) -> Did:
        acked = await self.delivery.tell("interactive", payload)
        if not acked.ok:
            return Did(acked, view=view, payload=payload)
        told = acked.payload or {}
        match told.get("response_action"):
            case "errors":
                known = {one.get("block_id") for one in view.body["blocks"] if one["type"] == "input"}
                assert set(told["errors"]) <= known, "errors of no field are shown nowhere"
                return Did(acked, errors=told["errors"], view=view, payload=payload)
            case "update" | "push":
                assert not view_slips(told["view"]), view_slips(told["view"])
                view.body, view.hash = told["view"], f"{self.workspace.number()}.h"
                return Did(acked, view=view, payload=payload)
            case _:
                view.closed = True
                return Did(acked, payload=payload)

    def _state(self, block: dict[str, Any], given: Any) -> dict[str, Any]:
        element = block["element"]
        kind = element["type"]
        options = element.get("options") or self._offered.get(block["block_id"], [])

        def option(asked: Any) -> Any:
            found = [one for one in options if asked in (one["value"], one["text"]["text"])]
            assert found, f"no option {asked!r}"
            return found[0]

        match kind:
            case "static_select" | "external_select" | "radio_buttons":
                chosen = option(given) if given is not None else element.get("initial_option")
                return {"type": kind, "selected_option": chosen}
            case "multi_static_select" | "multi_external_select" | "checkboxes":
                chosen = (
                    [option(one) for one in given] if given is not None else element.get("initial_options")
                )
                return {"type": kind, "selected_options": chosen or []}
            case "datepicker":
                return {"type": kind, "selected_date": given or element.get("initial_date")}
            case "datetimepicker":
                return {"type": kind, "selected_date_time": given or element.get("initial_date_time")}
            case "file_input":
                return {"type": kind, "files": given or []}
            case _:
                return {"type": kind, "value": given if given is not None else element.get("initial_value")}

    def _user(self, user: str) -> dict[str, Any]:
        person = self.workspace.person(user)
        return {"id": user, "username": person.name, "team_id": self.workspace.team}

    @property
    def _offered(self) -> dict[str, list[dict[str, Any]]]:
        return self.__dict__.setdefault("_offers", {})


def _initial(element: dict[str, Any]) -> bool:
    return any(name.startswith("initial_") for name in element)
