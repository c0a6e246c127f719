"""The documents tell the truth: their commands exist, their links lead somewhere, every command is told."""

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest

from bots import cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for path in [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("deploy/**/*.md"),
        *ROOT.glob("benchmarks/*.md"),
    ]
)
README = (ROOT / "README.md").read_text("utf-8")
CLI = (ROOT / "docs" / "cli.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _shell_lines(text: str) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", MAKEFILE, re.M))


def _anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("line", _shell_lines(README))
def test_a_command_of_the_readme_exists(line: str) -> None:
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        assert set(words[1:]) <= _targets()
        return
    assert "tocsin" in words, line
    assert words[words.index("tocsin") + 1] in cli.COMMANDS


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        target, _, anchor = link.partition("#")
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), link
        assert not anchor or anchor in _anchors(found), link


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("0*.md")), ids=_name)
def test_every_decision_is_in_the_index(page: Path) -> None:
    assert f"({page.name})" in (page.parent / "README.md").read_text("utf-8")


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=_name)
def test_every_guide_is_in_the_index(page: Path) -> None:
    assert page.name == "README.md" or f"({page.name})" in (ROOT / "docs" / "README.md").read_text("utf-8")


def _section(name: str) -> str:
    found = re.search(rf"^## tocsin {name}\n(.*?)(?=^## |\Z)", CLI, re.M | re.S)
    assert found is not None, f"docs/cli.md has no section for {name}"
    return found[1]


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert f"`tocsin {name}" in _section(name)
    assert f"| `tocsin {name}` |" in README


@pytest.mark.parametrize("name", [name for name, module in cli.COMMANDS.items() if cli._is_there(module)])
def test_every_option_is_documented_and_no_other(name: str) -> None:
    command = cli.tocsin.get_command(click.Context(cli.tocsin), name)
    assert command is not None
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    options = {
        word
        for one in (command, *inner)
        for parameter in one.params
        if isinstance(parameter, click.Option)
        for word in parameter.opts
    }
    real = {word for word in options if word.startswith("--")}
    told = set(re.findall(r"--[a-z][a-z-]*", _section(name)))
    assert real - told - {"--lang", "--home", "--help"} == set()
    assert told - real == set()


def test_continuous_integration_runs_the_readmes_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    said = [line for line in script.splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert said == ["make test"]
    assert "make test" in _shell_lines(README)


def test_the_make_targets_read(tmp_path: Path) -> None:
    """`make -n` expands every rule without running one."""
    done = subprocess.run(
        ["make", "-n", "-f", ROOT / "Makefile", "-C", ROOT, *sorted(_targets() - {"clean"})],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_the_example_of_the_readme_is_a_clean_runbook(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```", README, re.M | re.S)
    path = tmp_path / "panne-messagerie.yaml"
    path.write_text(example, "utf-8")
    assert cli.answer(["check", str(path)]) == 0
