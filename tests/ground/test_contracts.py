"""Imports point one way, and the declared dependencies are the ones that are used."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

# Where the module's name is not the distribution's.
MODULES = {
    "pyyaml": "yaml",
    "sqlite-utils": "sqlite_utils",
    "python-docx": "docx",
    "python-telegram-bot": "telegram",
    "slack-bolt": "slack_bolt",
}
# Used by another without being imported here: by zoneinfo, by httpcore.
UNIMPORTED = {"tzdata", "sniffio"}
# They come with another, or with Python.
GRANTED = {"pydantic_core", "slack_sdk", "engine", "bots"}


def _declared() -> list[str]:
    return [line.partition(">=")[0] for line in PROJECT["project"]["dependencies"]]


def _imported() -> set[str]:
    names: set[str] = set()
    for room in ("engine", "bots"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    names |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module.partition(".")[0])
    return names


def test_import_contracts_hold() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", _declared())
def test_a_dependency_pays_rent(name: str) -> None:
    assert name in UNIMPORTED or MODULES.get(name, name.replace("-", "_")) in _imported()


def test_every_dependency_has_a_lower_bound_and_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    block = text.partition("\ndependencies = [")[2].partition("\n]")[0].strip()
    for line in block.splitlines():
        assert ">=" in line, line
        assert "#" in line, line


def test_nothing_is_used_that_is_not_declared() -> None:
    declared = {MODULES.get(name, name.replace("-", "_")) for name in _declared()}
    assert _imported() - declared - GRANTED - set(sys.stdlib_module_names) == set()
