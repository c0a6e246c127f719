"""The terminal: a screen of 80 columns, a prompt that waits with the clock running, and piped lines."""
