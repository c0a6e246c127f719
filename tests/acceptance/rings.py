"""Whose phone rang, and how often, as the platforms themselves have it."""

from __future__ import annotations

from collections import Counter

from engine.journal.posts import open_posts
from tests.acceptance.night import SLACK, Night

__all__ = ["assert_called_for", "rings"]


def rings(night: Night) -> Counter[str]:
    """How often each phone rang: a message on Telegram that is not silent; in Slack a direct one, or a mention."""
    numbers = {number: person for person, number in night.on_telegram.items()}
    users = {user: person for person, user in SLACK.items()}
    found = Counter(numbers[number] for number, _, _ in night.telegram.world.buzzes)
    found.update(users[user] for user, _, _ in night.slack.workspace.buzzed)
    return found


def assert_called_for(night: Night) -> None:
    """Nobody's phone rings for what they did themselves: only what the relay posts rings, never an answer."""
    posts = open_posts(night.town.path, 0)
    try:
        for _, chat, message in night.telegram.world.buzzes:
            shown = night.telegram.chat(chat).messages.get(message)
            assert posts.at("telegram", str(chat), str(message)), shown
    finally:
        posts.close()
