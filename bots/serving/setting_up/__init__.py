"""`tocsin setup`: lead whoever installs the bots, step by step, without an identifier to type."""
