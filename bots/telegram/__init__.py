"""Telegram: a thin door, and a renderer of what the chat rooms say.

door = TelegramDoor(room, home, settings)
await door.run()      # until cancelled: polls (or serves the webhook), answers everybody, makes topics
door.platform         # what the relay shows messages with
door.health           # whether Telegram answers, since when not, and why
"""

from bots.telegram.door import TelegramDoor
from bots.telegram.health import Health
from bots.telegram.settings import TelegramSettings

__all__ = ["Health", "TelegramDoor", "TelegramSettings"]
