"""What a newer library changes since the one that the town accepted, and what that means for its overlays."""
