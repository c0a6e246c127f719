"""Converge the chats onto the state: a card that changed is edited, a notice is posted once, a burst costs one edit."""
