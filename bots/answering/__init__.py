"""What is answered to whoever speaks, on any surface: the town as its doors use it, what was written, what is asked."""
