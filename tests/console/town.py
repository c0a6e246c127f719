"""A town's folder on the disk and a terminal without a person: whole commands in their own processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from engine.library.catalogue import library_folder

__all__ = ["Ran", "Town", "new_town"]

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Town:
    path: Path

    def tocsin(self, *words: str, lines: str = "", lang: str = "fr") -> Ran:
        """Run one command of tocsin, its standard input a pipe."""
        done = subprocess.run(
            [sys.executable, "-m", "bots.cli", "--home", str(self.path), "--lang", lang, *words],
            input=lines,
            capture_output=True,
            encoding="utf-8",
            cwd=self.path.parent,
            env=environment(),
            timeout=60,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def new_town(folder: Path) -> Town:
    home = folder / "valmont"
    shutil.copytree(library_folder() / "exemple", home)
    return Town(home)
