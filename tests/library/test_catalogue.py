"""The library is opened by name; the town's files stand over the shipped ones; a run is pinned by its digest."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.core.quantities import HOUR, Duration
from engine.i18n import LANGUAGES, Words
from engine.library.catalogue import Library, Unreadable, definition_from, digest, library_folder
from engine.library.setaside import set_aside, told

ROOT = Path(__file__).resolve().parents[2]

SMALL = """\
format: 1
runbook: {name}
title: {title}
version: 1
activities: [paie]
clocks:
  - use: H-CNIL33
tracks:
  t:
    title: T
    steps:
      zoe:
        title: Z
        wait_for: {waits}
        outcomes:
          abandoned:
            label: A
            next: fin
            clock_stop: [H-REG]
      fin:
        end: closed
        title: Fin
        result: perdu
"""


def _town(folder: Path, **runbooks: str) -> Path:
    (folder / "runbooks").mkdir(parents=True)
    (folder / "tocsin.toml").write_text('[organisation]\nname = "V"\n', "utf-8")
    for name, text in runbooks.items():
        (folder / "runbooks" / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def _small(name: str, title: str = "T", waits: str = "restauration-donnees") -> str:
    return SMALL.format(name=name, title=title, waits=waits)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_role_that_the_procedures_need_has_a_name(lang: str) -> None:
    words = Words(lang)
    needed = {role for book in Library.load().runbooks.values() for role in book.roles}
    assert {role for role in needed if not words.has(f"cards.role_name.{role}")} == set()


def test_the_shipped_library_opens_whole() -> None:
    library = Library.load()
    assert {"rancongiciel", "je-ne-sais-pas-encore"} <= set(library.runbooks)
    assert library.runbooks.keys() == set(library.ids)
    assert library.facts
    assert library.clocks
    assert library.activities
    assert library.contacts
    assert library.duties
    assert library.problems == []


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("runbook: a\n", "utf-8")
    library = Library.load(tmp_path)
    assert library.problems == []
    assert library.ids == ("a",)
    with pytest.raises(Unreadable) as refused:
        library.runbook("a")
    assert {one.rule for one in refused.value.findings} == {"missing_key"}


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Library.load().runbook("inconnu")


def test_a_town_adds_and_replaces(tmp_path: Path) -> None:
    home = _town(tmp_path, mine=_small("la-notre"), theirs=_small("rancongiciel", "Le nôtre"))
    library = Library.of_home(home)
    assert library.runbook("la-notre").title == "T"
    assert library.runbook("rancongiciel").title == "Le nôtre"
    assert "je-ne-sais-pas-encore" in library.ids


def test_a_town_file_that_cannot_be_read_gives_way_to_the_shipped_one(tmp_path: Path) -> None:
    home = _town(tmp_path, theirs=_small("rancongiciel").replace("title: T\n", "title: A : B\n", 1))
    library = Library.of_home(home)
    assert library.runbook("rancongiciel").title == Library.load().runbook("rancongiciel").title
    assert {one.rule for one in library.problems} == {"colon_in_text"}


def test_a_towns_registers_stand_over_the_shipped_ones(tmp_path: Path) -> None:
    home = _town(tmp_path)
    (home / "continuity").mkdir()
    (home / "continuity" / "activites.yaml").write_text(
        "format: 1\nactivities:\n  paie:\n    title: Paie\n    rto: 3 h\n", "utf-8"
    )
    library = Library.of_home(home)
    assert library.rto["paie"] == Duration(ms=3 * HOUR)
    assert library.activities.keys() == Library.load().activities.keys()


def test_two_towns_share_nothing(tmp_path: Path) -> None:
    one = Library.of_home(_town(tmp_path / "one", a=_small("a", "Un")))
    two = Library.of_home(_town(tmp_path / "two", a=_small("a", "Deux")))
    assert (one.runbook("a").title, two.runbook("a").title) == ("Un", "Deux")


def test_a_definition_carries_what_its_run_will_need(tmp_path: Path) -> None:
    library = Library.of_home(_town(tmp_path, a=_small("a")))
    definition = library.definition("a")
    assert set(definition.clocks) == {"H-CNIL33", "H-REG"}
    assert definition.waits["restauration-donnees"] == library.runbook("restauration-donnees").results | {
        "abandoned"
    }
    assert definition.shared_facts.keys() == library.facts.keys()
    assert definition.shortest_rto == library.activities["paie"].rto


def test_waiting_for_a_procedure_that_is_not_there_leaves_its_abandon(tmp_path: Path) -> None:
    library = Library.of_home(_town(tmp_path, a=_small("a", waits="nulle-part")))
    assert library.definition("a").waits == {"nulle-part": frozenset({"abandoned"})}


@pytest.mark.parametrize("name", Library.load().ids)
def test_a_definition_is_read_back_from_its_bytes(name: str) -> None:
    definition = Library.load().definition(name)
    mark, content = digest(definition)
    assert definition_from(content) == definition
    assert digest(definition_from(content)) == (mark, content)
    # The order of steps means something: a track starts at its first one.
    back = definition_from(content).runbook
    assert [t.first for t in back.tracks.values()] == [t.first for t in definition.runbook.tracks.values()]


def test_a_digest_changes_with_the_order_of_steps_and_not_with_comments(tmp_path: Path) -> None:
    text = _small("a")
    one = Library.of_home(_town(tmp_path / "1", a=text)).definition("a")
    same = Library.of_home(_town(tmp_path / "2", a="# note\n" + text)).definition("a")
    head, steps = text.split("      zoe:")
    moved = f"{head}      fin:{steps.split('      fin:')[1]}      zoe:{steps.split('      fin:')[0]}"
    other = Library.of_home(_town(tmp_path / "3", a=moved)).definition("a")
    assert digest(one) == digest(same)
    assert digest(one)[0] != digest(other)[0]


def test_the_bytes_of_a_definition_are_the_same_in_another_process() -> None:
    """Sets have no order of their own: it must not leak into what is signed."""
    script = (
        "from engine.library.catalogue import Library, digest\n"
        "print(digest(Library.load().definition('rancongiciel'))[0])"
    )
    marks = set()
    for seed in ("1", "2", "3"):
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PATH": "", "SYSTEMROOT": "C:\\Windows"},
        )  # fmt: skip
        marks.add(done.stdout.strip())
    assert marks == {digest(Library.load().definition("rancongiciel"))[0]}


def test_the_bytes_of_a_definition_are_json_that_anybody_reads() -> None:
    _, content = digest(Library.load().definition("rancongiciel"))
    assert json.loads(content)["runbook"]["runbook"] == "rancongiciel"


def test_the_shipped_folder_is_the_checkouts_when_there_is_one() -> None:
    assert library_folder() == ROOT / "runbooks"


def test_what_a_town_wrote_and_nobody_goes_by_is_told(tmp_path: Path) -> None:
    home = _town(
        tmp_path,
        broken=_small("rancongiciel").replace("title: T\n", "title: A : B\n", 1),
        un=_small("double", "Un"),
        deux=_small("double", "Deux"),
        nothing="bonjour\n",
        sound=_small("la-notre"),
    )
    (home / "runbooks" / "facts.yaml").write_text("format: 1\nfacts: non\n", "utf-8")
    library = Library.of_home(home)
    found = {(Path(one.path).name, one.rule) for one in set_aside(library)}
    assert found == {
        ("broken.yaml", "colon_in_text"),
        ("deux.yaml", "duplicate_id"),
        ("nothing.yaml", "unknown_kind"),
        ("facts.yaml", "want_mapping"),
    }
    assert library.runbook("double").title == "Un"
    for lang in LANGUAGES:
        assert "tocsin check" in list(told(set_aside(library), Words(lang)))[-1]


def test_nothing_is_told_of_a_town_without_slips(tmp_path: Path) -> None:
    assert set_aside(Library.of_home(tmp_path)) == []
    assert set_aside(Library.of_home(_town(tmp_path, mine=_small("la-notre")))) == []
