"""What the continuity plan registers: activities and how long each may stop, and whom to call."""
