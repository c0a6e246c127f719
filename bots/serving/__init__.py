"""`tocsin serve`: the bots, the timers and the backups of one town in one program, stopped cleanly and watched."""
