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
from bots.serving.settings import Bots
from bots.slack.door import SlackDoor
from bots.telegram.door import TelegramDoor

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
    bots = Bots.of(secrets)
    if bots.lacks:
        raise CommandFailed("serve.secrets.half_slack", missing=bots.lacks)
    if bots.slack is not None:
        doors["slack"] = SlackDoor(room, office.home, bots.slack, office.clock)
    if bots.telegram is not None:
        doors["telegram"] = TelegramDoor(room, office.home, bots.telegram, office.clock)
    return doors
