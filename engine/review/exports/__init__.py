"""One file a format: what leaves the house."""
