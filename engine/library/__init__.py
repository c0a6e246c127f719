"""The library: procedures and a town's files, read, checked, and looked up by name."""
