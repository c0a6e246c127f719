"""The demonstration: killed once, nothing lost, and a timeline that verifies, with all that it promises to show."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bots.console.screen import screen
from bots.demo.script import SCRIPT, read_script
from bots.inbound import Asked, Heard
from engine.journal.verify import verify_file
from tests.bots.valmont import NIGHT, Valmont
from tests.console.town import environment


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What it said, and the folder that it left."""
    out = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, "-m", "bots.cli", "demo", "--no-serve", "--out", str(out)],
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout, out


def _entries(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (out / "timeline.jsonl").read_text("utf-8").splitlines()]


def test_it_is_killed_while_it_writes_and_nothing_acknowledged_is_lost(played: tuple[str, Path]) -> None:
    told, out = played
    assert "tué net, pendant qu'il écrivait" in told
    assert "Rien n'est perdu" in told
    notes = [str(one["summary"]) for one in _entries(out) if str(one["summary"]).startswith("poste ")]
    assert notes == [f"poste {n} sur 14 : débranché, étiqueté" for n in range(1, 15)]


def test_the_timeline_it_leaves_verifies_against_the_head_that_it_told(played: tuple[str, Path]) -> None:
    told, out = played
    head = told.partition("Empreinte de tête :")[2].split()[0]
    verdict = verify_file(out / "timeline.jsonl", head)
    assert verdict.whole
    assert head in (out / "timeline.md").read_text("utf-8")


def test_it_shows_what_it_promises(played: tuple[str, Path]) -> None:
    told, out = played
    kinds = {str(one["kind"]) for one in _entries(out)}
    assert {
        "approval_asked", "approval_given", "escalated", "clock_warned", "handed_over", "deviation_recorded",
        "entry_corrected", "message_sent", "incident_closed",
    } <= kinds  # fmt: skip
    assert "revient à : DGS. Qui peut : Nadia Benslimane" in told  # a refusal, with who to call
    assert "NON CONFIRMÉ" not in told


def test_every_entry_and_every_screen_says_that_it_is_an_exercise(played: tuple[str, Path]) -> None:
    told, out = played
    assert all(one["exercise"] for one in _entries(out))
    assert all(str(one["incident"]).startswith("EX-") for one in _entries(out))
    assert told.count("[EXERCICE]") >= told.count("● EX-")
    assert "[EXERCICE]" in (out / "timeline.md").read_text("utf-8")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_script_is_understood_in_both_languages(lang: str) -> None:
    town = Valmont(lang=lang)
    script = read_script(lang, town.world.calendar, NIGHT, SCRIPT)
    town.declares(script.runbook, script.declared_by)
    for cue in script.cues:
        while town.now < cue.at:
            town.waits(min(5, (cue.at - town.now) // 60_000))
        words = cue.words.format(n=1, count=cue.count) if cue.count else cue.words.replace("{note}", "1")
        found = town.hears(words, cue.who, screen(town.scene, cue.who).shown)
        assert isinstance(found, Heard | Asked), (words, found)
        if isinstance(found, Heard):
            for command in found.commands:
                town.submit(command, found.by, found.entered_by, found.occurred_at)
    assert town.incident.status == "closed"


def test_every_caption_of_the_script_has_its_words() -> None:
    for lang in ("fr", "en"):
        town = Valmont(lang=lang)
        cues = read_script(lang, town.world.calendar, NIGHT, SCRIPT).cues
        assert [
            one.caption
            for one in cues
            if one.caption and not town.speech.words.has(f"demo.caption.{one.caption}")
        ] == []
