"""Slack on loopback, speaking the real protocols and keeping the real limits."""

from tests.servers.slack.people import Did, Seen, Slack
from tests.servers.slack.workspace import BOT, Channel, Message, View

__all__ = ["BOT", "Channel", "Did", "Message", "Seen", "Slack", "View"]
