"""The pure core: no I/O, no clock, no randomness. Time, identity and identifiers arrive with the command."""
