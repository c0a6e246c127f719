"""One module for each sub-command of `tocsin`; each holds a click command named `command`."""
