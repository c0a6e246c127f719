"""What is installed outside a checkout works by itself: the procedures and the words come along."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    # Without isolation: the build tool is among the development tools, and no network is asked.
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return next(folder.glob("tocsin-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel as an install does; the dependencies are the ones of this environment."""
    place = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    return place


def _python(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    return subprocess.run(
        # -P: the current folder is not looked at, so that nothing of the checkout helps.
        [sys.executable, "-P", *arguments],
        cwd=cwd,
        env=environment | {"PYTHONPATH": str(installed), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_the_wheel_carries_the_procedures_and_the_words(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for path in (ROOT / "runbooks").rglob("*"):
        if path.is_file():
            assert f"engine/shipped/runbooks/{path.relative_to(ROOT / 'runbooks').as_posix()}" in inside
    for path in (ROOT / "engine" / "locales").rglob("*.toml"):
        assert path.relative_to(ROOT).as_posix() in inside
    assert not [name for name in inside if name.startswith(("tests/", "docs/", "runbooks/"))]


def test_an_install_outside_the_checkout_finds_its_procedures(installed: Path, tmp_path: Path) -> None:
    script = "from engine.library.catalogue import library_folder; print(library_folder())"
    done = _python(installed, tmp_path, "-c", script)
    assert done.returncode == 0, done.stderr
    folder = Path(done.stdout.strip())
    assert folder == installed / "engine" / "shipped" / "runbooks"
    assert (folder / "rancongiciel.yaml").is_file()


def test_an_install_outside_the_checkout_answers(installed: Path, tmp_path: Path) -> None:
    done = _python(installed, tmp_path, "-m", "bots.cli", "--help")
    assert done.returncode == 0, done.stderr
    assert "init" in done.stdout


def test_an_install_outside_the_checkout_makes_a_town(installed: Path, tmp_path: Path) -> None:
    done = _python(installed, tmp_path, "-m", "bots.cli", "init", "town")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "town" / "tocsin.toml").is_file()
