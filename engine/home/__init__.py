"""A town's folder, open: its configuration, its people, its procedures, its journal, and the desk over them."""

from engine.home.home import Home, HomeUnusable

__all__ = ["Home", "HomeUnusable"]
