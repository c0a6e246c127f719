"""The door to Slack: what its people press and write goes in, what the relay shows goes out. No rule lives here."""
