"""The command line answers in the reader's language, with the right exit code, and never with a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from bots import cli
from engine.i18n import LANGUAGES, Words

ROOT = Path(__file__).resolve().parents[2]
THERE = [name for name, module in cli.COMMANDS.items() if cli._is_there(module)]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TOCSIN_LANG", "TOCSIN_HOME", "TOCSIN_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_registered_command_exists(name: str) -> None:
    """A missing module is only left out of the list of commands; here it is an error."""
    assert name in THERE


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_its_line_and_its_page(name: str, lang: str) -> None:
    words = Words(lang)
    assert words.say(f"cli.{name}.short")
    assert words.say(f"cli.{name}.help")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", THERE)
def test_a_page_of_help_lacks_no_word(name: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer([name, "--help", "--lang", lang]) == 0
    page = capsys.readouterr().out
    assert "[cli." not in page
    assert Words(lang).say("cli.usage.usage") in page


def test_help_is_french_unless_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.answer(["--help"]) == 0
    assert "Commandes" in capsys.readouterr().out
    monkeypatch.setenv("TOCSIN_LANG", "en_GB.UTF-8")
    assert cli.answer([]) == 0
    assert "Commands" in capsys.readouterr().out


@pytest.mark.parametrize(
    "line",
    [["--lang", "en", "init", "--help"], ["init", "--help", "--lang=en"], ["init", "--lang", "en", "-h"]],
)
def test_shared_options_stand_before_or_after_the_command(
    line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.answer(line) == 0
    assert "Usage: tocsin init" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (["int"], "« init »"),
        (["inti", "--lang", "en"], "init"),
        (["--nothing"], "--nothing"),
        (["init"], "DOSSIER"),
        (["init", "a", "b"], "b"),
        (["init", "a", "--lang", "de"], "fr, en"),
        (["init", "a", "--lang"], "--lang"),
        (["init", "a", "--hom", "b"], "--home"),
    ],
)
def test_a_wrong_line_gets_a_sentence_and_code_2(
    line: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.answer(line) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert "Got unexpected" not in err
    assert "No such" not in err


def _bug() -> None:
    raise RuntimeError("the sky\nfalls")


def test_an_unforeseen_error_is_one_line_and_a_private_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli.tocsin, "callback", _bug)
    assert cli.answer(["--home", str(tmp_path), "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    (trace,) = (tmp_path / "traces").iterdir()
    assert out == ""
    assert "RuntimeError: the sky" in err
    assert "Traceback" not in err
    assert str(trace) in err
    assert "Traceback" in trace.read_text("utf-8")
    if sys.platform != "win32":
        assert trace.stat().st_mode & 0o077 == 0


def test_the_trace_is_shown_to_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DEBUG", "1")
    monkeypatch.setattr(cli.tocsin, "callback", _bug)
    with pytest.raises(RuntimeError):
        cli.answer([])


def test_a_home_that_can_not_be_written_is_no_second_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "traces").write_text("a file where the folder should be", "utf-8")
    monkeypatch.setattr(cli.tocsin, "callback", _bug)
    assert cli.answer(["--home", str(tmp_path)]) == 2
    assert "RuntimeError" in capsys.readouterr().err


def test_help_imports_nothing_heavy() -> None:
    """What takes long to import must not be paid for by somebody who asks what the commands are."""
    heavy = {"pydantic", "rich", "sqlite3", "yaml", "msgspec", "prompt_toolkit", "babel", "asyncio"}
    script = (
        "import sys\nfrom bots.cli import answer\nassert answer(['--help']) == 0\n"
        f"print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


def test_the_home_is_told_then_near_then_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bots.door import Session

    town = tmp_path / "town"
    (town / "deep").mkdir(parents=True)
    monkeypatch.chdir(town / "deep")
    assert Session.begin().home.name == "tocsin"
    (town / "tocsin.toml").touch()
    assert Session.begin().home == town
    monkeypatch.setenv("TOCSIN_HOME", "/told")
    assert Session.begin().home == Path("/told")
    assert Session(home_option=Path("/option")).home == Path("/option")
