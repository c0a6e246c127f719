"""How this program was called: what a person is told to type must work where they are."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

from bots.door import Session

__all__ = ["home_option", "program"]


def program() -> str:
    """`tocsin` where the shell finds it; else the path of the one that runs, from here when it is below."""
    called = Path(sys.argv[0])
    if called.stem != "tocsin":
        return "tocsin"
    found = shutil.which("tocsin")
    if found is not None and os.path.realpath(found) == os.path.realpath(called):
        return "tocsin"
    try:
        return shlex.quote(str(called.absolute().relative_to(Path.cwd())))
    except ValueError:
        return shlex.quote(str(called.absolute()))


def home_option(session: Session) -> str:
    """` --home DIR` when it was given, so that a line to copy opens the same town."""
    return f" --home {shlex.quote(str(session.home_option))}" if session.home_option is not None else ""
