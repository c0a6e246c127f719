"""Put one town's parts together: its chat room, a door for each platform that has a token, the relay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bots.answering.office import Office
from bots.chat.room import Room
from bots.door import CommandFailed
from bots.relay.relay import Relay
from bots.serving.doors import Door
from bots.serving.lock import Hold
from bots.serving.serving import Served
from bots.slack.door import SlackDoor
from bots.slack.settings import SlackSettings
from bots.telegram.door import TelegramDoor
from bots.telegram.settings import TelegramSettings

__all__ = ["BOARD", "compose", "doors_of"]

BOARD: Final = "127.0.0.1:8765"


def compose(office: Office, secrets: Mapping[str, str], hold: Hold) -> Served:
    """All that `serve` runs. CommandFailed if a platform has only half of what it needs."""
    room = Room(office.home, office.clock)
    doors = doors_of(office, room, secrets)
    relay = Relay(office.home, [door.platform for door in doors.values()], office.clock)
    room.blank = relay.blank
    for door in doors.values():
        door.wire.listener = relay
    return Served(
        office=office, relay=relay, doors=doors, hold=hold, board=secrets.get("TOCSIN_BOARD", BOARD)
    )


def doors_of(office: Office, room: Room, secrets: Mapping[str, str]) -> dict[str, Door]:
    """The platforms' doors, by surface; those without a token are left out."""
    doors = dict[str, Door]()
    slack, telegram = SlackSettings.of(secrets), TelegramSettings.of(secrets)
    if slack is None and (missing := _half_of_slack(secrets)):
        raise CommandFailed("serve.secrets.half_slack", missing=missing)
    if slack is not None:
        doors["slack"] = SlackDoor(room, office.home, slack, office.clock)
    if telegram is not None:
        doors["telegram"] = TelegramDoor(room, office.home, telegram, office.clock)
    return doors


def _half_of_slack(secrets: Mapping[str, str]) -> str:
    """What Slack lacks, when it has something."""
    bot = bool(secrets.get("TOCSIN_SLACK_BOT_TOKEN"))
    way_in = any(secrets.get(f"TOCSIN_SLACK_{name}") for name in ("APP_TOKEN", "SIGNING_SECRET"))
    if not bot and not way_in:
        return ""
    if not bot:
        return "TOCSIN_SLACK_BOT_TOKEN"
    signed = bool(secrets.get("TOCSIN_SLACK_SIGNING_SECRET"))
    return "TOCSIN_SLACK_LISTEN" if signed else "TOCSIN_SLACK_APP_TOKEN"
