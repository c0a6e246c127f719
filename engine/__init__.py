"""The engine: what a crisis is, what may happen in it, and how it is remembered. It imports no bot."""
