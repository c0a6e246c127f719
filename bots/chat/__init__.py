"""The incident in chat, the same for every platform: what is shown where, what was meant, what is answered."""
