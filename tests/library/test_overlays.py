"""A town changes a procedure of the library without copying it, and never loses it by a slip."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from engine.core.runbook import Runbook, Step
from engine.home.shelf import HomeShelf
from engine.i18n import LANGUAGES, Words, load_area
from engine.library.catalogue import Library, digest
from engine.library.check import check_paths
from engine.library.finding import message, render
from engine.library.modelled import modelled
from engine.library.overlays.applying import overlaid
from engine.library.overlays.notation import CLOCK_KEYS, FIXED, NAMED, NAMES, Overlay
from engine.library.setaside import set_aside, told
from tests.library.overlays.town import HEAD, HERE, findings, town

GOLDEN = Path(__file__).parent / "golden"
MISFITS = tomllib.loads((HERE / "misfits.toml").read_text("utf-8"))
GUIDE = Path(__file__).parents[2] / "docs" / "overlays.md"


def steps(runbook: Runbook, track: str = "technique") -> dict[str, Step]:
    return runbook.tracks[track].steps


# Each kind of change, on the real ransomware procedure: what a town writes, and what its people then read.

CHANGES: dict[str, tuple[str, Callable[[Runbook, Runbook], Any]]] = {
    "a value is replaced": (
        "title: Rançongiciel à Valmont\nsteps:\n  endiguer:\n    target: T0 + 45 min\n",
        lambda mine, _: (
            (mine.title, str(steps(mine)["endiguer"].target)) == ("Rançongiciel à Valmont", "T0 + 45 min")
        ),
    ),
    "a role is replaced, and another added": (
        "roles:\n  dsi: Thierry\n  add:\n    infogerant: Infogérant\n"
        "steps:\n  endiguer:\n    role: {add: infogerant}\n",
        lambda mine, theirs: (
            mine.roles == {**theirs.roles, "dsi": "Thierry", "infogerant": "Infogérant"}
            and steps(mine)["endiguer"].role == (*steps(theirs)["endiguer"].role, "infogerant")
        ),
    ),
    "a sentence is added to a text": (
        "paper:\n  add: Le registre bleu est au coffre.\n",
        lambda mine, theirs: mine.paper == f"{theirs.paper}\nLe registre bleu est au coffre.",
    ),
    "a prohibition is added": (
        "never:\n  add: Rappeler le numéro affiché\n",
        lambda mine, theirs: mine.never == (*theirs.never, "Rappeler le numéro affiché"),
    ),
    "a box is added after another": (
        "steps:\n  endiguer:\n    checklist:\n      add:\n"
        "        - after: VPN coupés\n          do: Médiathèque coupée\n",
        lambda mine, _: boxes(mine).index("Médiathèque coupée") == boxes(mine).index("VPN coupés") + 1,
    ),
    "a box is added first": (
        "steps:\n  endiguer:\n    checklist:\n      add:\n"
        "        - before: Internet coupé, entrant et sortant\n          do: Livret sorti de l'armoire\n",
        lambda mine, _: boxes(mine)[0] == "Livret sorti de l'armoire",
    ),
    "a box is dropped": (
        "steps:\n  endiguer:\n    checklist:\n      remove: vpn coupés\n",
        lambda mine, theirs: boxes(mine) == [one for one in boxes(theirs) if one != "VPN coupés"],
    ),
    "an outcome is renamed and another added": (
        "steps:\n  endiguer:\n    outcomes:\n      stoppe:\n        label: C'est arrêté\n"
        "      add:\n        renfort:\n          label: Appeler à l'aide\n",
        lambda mine, _: (
            steps(mine)["endiguer"].outcomes["stoppe"].label == "C'est arrêté"
            and steps(mine)["endiguer"].outcomes["renfort"].next is None
        ),
    ),
    "a step is put after an outcome": (
        "steps:\n  add:\n    prevenir:\n      after: endiguer.stoppe\n      title: Prévenir\n      role: dsi\n"
        "      outcomes:\n        prevenu:\n          label: Prévenu\n          next: suite\n",
        lambda mine, theirs: (
            steps(mine)["endiguer"].outcomes["stoppe"].next == "prevenir"
            and steps(mine)["prevenir"].outcomes["prevenu"].next
            == steps(theirs)["endiguer"].outcomes["stoppe"].next
            and list(steps(mine)).index("prevenir") == list(steps(mine)).index("endiguer") + 1
        ),
    ),
    "a step is put before the first": (
        "steps:\n  add:\n    livret:\n      before: reflexe\n      title: Sortir le livret\n      role: dsi\n"
        "      outcomes:\n        sorti:\n          label: Sorti\n          next: suite\n",
        lambda mine, _: (
            mine.tracks["technique"].first == "livret"
            and steps(mine)["livret"].outcomes["sorti"].next == "reflexe"
        ),
    ),
    "a message is rewritten": (
        "messages:\n  consigne_agents:\n    text: Éteignez les écrans.\n",
        lambda mine, theirs: (
            mine.messages["consigne_agents"].text == "Éteignez les écrans."
            and mine.messages["consigne_agents"].audience == theirs.messages["consigne_agents"].audience
        ),
    ),
    "a track is added": (
        "tracks:\n  add:\n    voisins:\n      title: Voisins\n      steps:\n        appeler_voisins:\n"
        "          title: Appeler les voisins\n          role: dgs\n          outcomes:\n            appeles:\n"
        "              label: Appelés\n              next: fin_voisins\n"
        "        fin_voisins:\n          end: closed\n          title: Fin\n",
        lambda mine, _: "voisins" in mine.tracks,
    ),
}


def boxes(runbook: Runbook) -> list[str]:
    return [one.do for one in steps(runbook)["endiguer"].checklist]


def real_town(folder: Path, body: str) -> Library:
    (folder / "runbooks").mkdir(parents=True)
    text = f"format: 1\noverlay: rancongiciel\nof: {Library.load().runbook('rancongiciel').version}\n{body}"
    (folder / "runbooks" / "rancongiciel.yaml").write_text(text, "utf-8")
    (folder / "tocsin.toml").write_text('[organisation]\nname = "Valmont"\n', "utf-8")
    return Library.of_home(folder)


@pytest.mark.parametrize("kind", CHANGES)
def test_a_town_changes_the_ransomware_procedure(kind: str, tmp_path: Path) -> None:
    body, holds = CHANGES[kind]
    library = real_town(tmp_path, body)
    mine, theirs = library.runbook("rancongiciel"), Library.load().runbook("rancongiciel")
    assert library.problems == []
    assert holds(mine, theirs)
    found = [one for one in check_paths([tmp_path / "runbooks"], home=tmp_path) if one.severity == "error"]
    assert found == []


def test_a_guard_that_an_overlay_weakens_is_told(tmp_path: Path) -> None:
    """The town may decide so; but whoever rereads it sees it, and not only whoever wrote it."""
    never = Library.load().runbook("rancongiciel").never[0]
    body = (
        f'never:\n  remove: "{never}"\n'
        "steps:\n  eteindre:\n    outcomes:\n      eteint:\n        sign:\n          within: 30 j\n"
    )
    library = real_town(tmp_path, body)
    assert library.problems == []
    told_of = check_paths([tmp_path / "runbooks"], home=tmp_path)
    assert [(one.rule, one.line) for one in told_of if one.severity == "warning"] == [
        ("prohibition_gone", 5),
        ("signature_changed", 10),
    ]


def test_all_of_them_hold_together(tmp_path: Path) -> None:
    """What the files say is one procedure: no change gets in the way of another."""
    bodies = ["steps:\n  endiguer:\n    target: T0 + 45 min\n    checklist:\n      add: Un\n"]
    bodies += [body for body, _ in CHANGES.values() if not body.count("steps:\n") and "roles" not in body]
    assert (
        real_town(tmp_path, "".join(bodies)).runbook("rancongiciel").never[-1] == "Rappeler le numéro affiché"
    )


@pytest.mark.parametrize("name", Library.load().ids)
def test_an_empty_overlay_changes_nothing(name: str, tmp_path: Path) -> None:
    library = Library.load()
    document, runbook = library.read(library.files[name][0])
    path = tmp_path / "vide.yaml"
    path.write_text(f"format: 1\noverlay: {name}\nof: 1\n", "utf-8")
    written, head = modelled(path, Overlay)
    assert head is not None
    assert head.changes_nothing
    merged = overlaid(written, document)
    assert merged.findings == []
    assert merged.runbook == runbook


def test_a_run_is_pinned_to_the_procedure_as_the_town_changed_it(tmp_path: Path) -> None:
    library = real_town(tmp_path, CHANGES["a box is added first"][0])
    shelf = HomeShelf(library, lambda _: None)
    current = shelf.current("rancongiciel")
    assert current is not None
    assert current != digest(Library.load().definition("rancongiciel"))[0]
    assert boxes(shelf.definition(current).runbook)[0] == "Livret sorti de l'armoire"


def test_the_librarys_own_file_is_never_touched(tmp_path: Path) -> None:
    library = town(
        tmp_path, HEAD + "never:\n  remove: Redémarrer sans noter\nsteps:\n  isoler:\n    target: 5 min\n"
    )
    mine = library.runbook("panne")
    _, theirs = library.read(library.layers[0] / "panne.yaml")
    assert theirs is not None
    assert (mine.never, theirs.never) == (theirs.never[:1], theirs.never)
    assert library.document("panne").find(("tracks", "technique", "steps", "isoler", "target")) == "15 min"


# What doesn't fit.


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_does_not_fit_is_told_where_it_is(lang: str, tmp_path: Path) -> None:
    """Rewrite the file with TOCSIN_REWRITE_GOLDEN=1, then read it: it is what a town clerk sees."""
    out = []
    for rule, case in MISFITS.items():
        library = town(tmp_path, HEAD + case["text"])
        said = render(findings(library), "text", Words(lang)).replace(f"{tmp_path.resolve()}/", "")
        out.append(f"# {rule}\n{case['text'].strip()}\n---\n{said}\n")
    golden = GOLDEN / f"overlays.{lang}.txt"
    if os.environ.get("TOCSIN_REWRITE_GOLDEN"):
        golden.write_text("\n".join(out), "utf-8")
    assert "\n".join(out) == golden.read_text("utf-8")


@pytest.mark.parametrize("rule", [rule for rule in MISFITS if rule not in ("shape", "proof")])
def test_a_misfit_is_told_by_its_rule(rule: str, tmp_path: Path) -> None:
    assert rule in {one.rule for one in findings(town(tmp_path, HEAD + MISFITS[rule]["text"]))}


@pytest.mark.parametrize("rule", [rule for rule in MISFITS if rule != "item_already_there"])
def test_an_overlay_that_does_not_fit_never_leaves_the_town_without_its_procedure(
    rule: str, tmp_path: Path
) -> None:
    library = town(tmp_path, HEAD + MISFITS[rule]["text"])
    _, theirs = library.read(library.layers[0] / "panne.yaml")
    assert library.runbook("panne") == theirs
    aside = set_aside(library)
    assert str(library.layers[1] / "panne.yaml") in {one.path for one in aside}
    assert "tocsin check" in list(told(aside, Words("fr")))[-1]


def test_a_fault_that_shows_in_the_librarys_lines_is_told_there(tmp_path: Path) -> None:
    """A new choice leaves a step of the library without a way out: both files are named."""
    text = "facts:\n  attaque:\n    choices:\n      add:\n        peut_etre: Peut-être\n"
    library = town(tmp_path, HEAD + text)
    told_of = [Path(one.path).parent.name for one in findings(library) if one.severity == "error"]
    assert told_of == ["bibliotheque"]
    assert [one.rule for one in set_aside(library)] == ["broken"]


def test_what_the_library_says_already_wrong_is_not_said_of_the_overlay(tmp_path: Path) -> None:
    library = town(tmp_path, HEAD + "title: Panne\n")
    base = library.layers[0] / "panne.yaml"
    base.write_text(base.read_text("utf-8").replace("message: consigne", "message: consignes"), "utf-8")
    assert findings(library) == []


def test_a_version_that_moved_on_is_a_note(tmp_path: Path) -> None:
    for of, rule in (("2", "older"), ("4", "newer")):
        found = findings(town(tmp_path, HEAD.replace("of: 3", f"of: {of}")))
        assert [(one.rule, one.severity, one.line, one.column) for one in found] == [(rule, "info", 3, 5)]


def test_an_overlay_of_nothing_is_told(tmp_path: Path) -> None:
    library = town(tmp_path, HEAD.replace("panne", "pane"))
    (found,) = findings(library)
    assert (found.rule, found.suggestion) == ("no_procedure", "panne")
    assert [one.rule for one in set_aside(library)] == ["no_procedure"]


def test_of_two_overlays_one_serves_and_the_other_is_told(tmp_path: Path) -> None:
    town(tmp_path, HEAD + "title: Un\n", name="a")
    library = town(tmp_path, HEAD + "title: Deux\n", name="b")
    assert library.runbook("panne").title == "Deux"
    assert [one.rule for one in findings(library, name="a")] == ["twice"]
    assert findings(library, name="b") == []


def test_a_town_may_still_replace_a_procedure_whole(tmp_path: Path) -> None:
    library = town(tmp_path, HEAD + "title: Adaptée\n", name="adaptation")
    whole = (library.layers[0] / "panne.yaml").read_text("utf-8").replace("Panne de la", "Notre")
    (library.layers[1] / "panne.yaml").write_text(whole, "utf-8")
    library = Library.load(*library.layers)
    assert library.runbook("panne").title == "Notre messagerie"
    assert [(one.rule, one.severity) for one in findings(library, name="adaptation")] == [
        ("replaced", "warning")
    ]


# Hostile files.

HOSTILE = {
    "ten thousand nested lists": b"steps: " + b"[" * 10_000,
    "an alias": b"steps: &a\n  b: *a\n",
    "a merge": b"steps:\n  <<: x\n",
    "two keys of one name": b"title: a\ntitle: b\n",
    "a tag": b"title: !!python/object/apply:os.system ['true']\n",
    "an old Windows file": "title: Rançongiciel\n".encode("cp1252"),
    "a control character": b'title: "a\\e[31m"\n',
    "no value": b"steps:\n",
    "a list of steps": b"steps: [chercher]\n",
    "steps in steps": b"steps:\n  chercher:\n    steps:\n      chercher:\n        steps: {}\n",
    "add in add": b"never:\n  add:\n    add:\n      add: x\n",
    "a list in a list": b"never:\n  add: [[[[x]]]]\nsteps:\n  add:\n    a:\n      after: [[chercher.panne]]\n",
    "a place that is a block": b"steps:\n  add:\n    a:\n      after:\n        chercher: panne\n",
    "no place at all": b"steps:\n  add:\n    a:\n      after: []\n      title: A\n",
    "nothing to add": b"never:\n  add:\nroles:\n  add:\nsteps:\n  add:\n",
    "a long key": b"steps:\n  " + b"a" * 100_000 + b":\n    title: x\n",
    "ten thousand lines to add, and none that fits": b"never:\n  add:\n"
    + b"".join(b"    - ligne %d\n" % n for n in range(10_000))
    + b"  remove: rien\n",
    "ten thousand lines to remove": b"never:\n  remove:\n"
    + b"".join(b"    - %d\n" % n for n in range(10_000)),
    "a thousand new steps": b"steps:\n  add:\n"
    + b"".join(b"    s%d:\n      after: isoler.isole\n      title: x\n" % n for n in range(1_000)),
    "many steps": b"steps:\n" + b"".join(b"  s%d:\n    title: x\n" % n for n in range(4_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_overlay_is_told_and_the_librarys_procedure_runs(name: str, tmp_path: Path) -> None:
    library = town(tmp_path, HEAD)
    (library.layers[1] / "panne.yaml").write_bytes(HEAD.encode() + HOSTILE[name])
    _, theirs = library.read(library.layers[0] / "panne.yaml")
    assert library.runbook("panne") == theirs
    assert render(set_aside(library), "text", Words("fr"))
    assert findings(library)


# The law and the numbers.


def _register(folder: Path, name: str, text: str) -> Path:
    (folder / "tocsin.toml").write_text('[organisation]\nname = "Valmont"\n', "utf-8")
    path = folder / "continuity" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"format: 1\n{text}", "utf-8")
    return path


def _told(folder: Path, path: Path) -> list[tuple[str, str, int]]:
    return [(one.rule, one.severity, one.line) for one in check_paths([path], home=folder)]


def test_a_town_overrides_no_legal_delay(tmp_path: Path) -> None:
    text = (
        "clocks:\n  {}:\n    title: Notre délai\n    delay: 10 j\n    source: Nous\n"
        "    checked: 2026-11-24\n    certainty: sur\n"
    )
    path = _register(tmp_path, "clocks.yaml", text.format("H-CNIL33"))
    library = Library.of_home(tmp_path)
    assert library.clocks["H-CNIL33"] == Library.load().clocks["H-CNIL33"]
    assert _told(tmp_path, path) == [("clock_of_library", "error", 3)]
    _register(tmp_path, "clocks.yaml", text.format("H-NOTRE"))
    assert "H-NOTRE" in Library.of_home(tmp_path).clocks
    assert _told(tmp_path, path) == []


def test_a_town_fills_its_local_numbers(tmp_path: Path) -> None:
    text = (
        'numbers:\n  prefecture_permanence: 01 99 00 12 34\n  infogerant:\n    channel: "01 99 00 56 78"\n'
        "    checked: 2026-11-24\n  pmi: sans objet\n"
    )
    _register(tmp_path, "contacts.yaml", text)
    contacts = Library.of_home(tmp_path).contacts
    assert (contacts["prefecture_permanence"].channel, contacts["prefecture_permanence"].certainty) == (
        "01 99 00 12 34",
        "a_confirmer",
    )
    assert contacts["prefecture_permanence"].title == "Préfecture, permanence"
    assert (contacts["infogerant"].certainty, contacts["infogerant"].checked) == ("sur", "2026-11-24")
    assert "pmi" not in contacts


def test_the_numbers_that_are_missing_are_listed(tmp_path: Path) -> None:
    local = [name for name, one in Library.load().contacts.items() if not one.channel]
    text = (
        f'numbers:\n  {local[0]}: "01 99 00 12 34"\n  {local[1]}: ""\n  prefecure_sidpc: "1"\n  samu: "16"\n'
    )
    path = _register(tmp_path, "contacts.yaml", text)
    assert _told(tmp_path, path) == [
        ("numbers_missing", "info", 2),
        ("number_empty", "info", 4),
        ("number_unknown", "error", 5),
        ("contact_of_library", "warning", 6),
    ]
    assert Library.of_home(tmp_path).contacts["samu"].channel == "15"


# What is said of the notation.


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any, list[Any]]]:
    """The keys of a procedure and of its parts, each with its type and what reads it."""
    for name, field in model.model_fields.items():
        if name == "extensions":
            continue
        yield field.alias or name, field.annotation, field.metadata
        todo = [field.annotation]
        while todo:
            one = todo.pop()
            todo += get_args(one)
            if isinstance(one, type) and issubclass(one, BaseModel):
                yield from _fields(one)


def test_the_named_parts_are_those_of_the_format() -> None:
    named = {
        key for key, one, _ in _fields(Runbook) if get_origin(one) is dict and get_args(one)[0] is not str
    }
    assert named == NAMED


def test_the_lists_of_names_are_those_of_the_format() -> None:
    """One name may stand without a dash there: `add:` must not take it for a text."""
    of_names = {
        key
        for key, one, metadata in _fields(Runbook)
        if get_origin(one) is tuple and any("_as_list" in str(reader) for reader in metadata)
    }
    assert of_names - CLOCK_KEYS <= NAMES


@pytest.mark.parametrize("key", sorted({key for key, _, _ in _fields(Runbook)} - FIXED - {"page_review"}))
def test_every_key_of_a_procedure_has_a_name_in_a_difference(key: str) -> None:
    inner = {
        "any",
        "by",
        "within",
        "use",
        "unless",
        "runbook",
        "runs",
        "is",
        "size",
        "states",
        "counts",
        "criterion",
    }
    inner |= {"signed_by", "owner", "last", "every", "on", "optional", "tracks", "steps", "outcomes"}
    assert key in inner or Words("fr").has(f"upgrade.field.{key}")


@pytest.mark.parametrize("rule", sorted({key.split(".")[1] for key in load_area("fr", "lint_town")}))
def test_every_rule_about_what_a_town_writes_is_explained(rule: str) -> None:
    assert f"`{rule}`" in GUIDE.read_text("utf-8")


def test_a_finding_names_the_step_that_it_is_about(tmp_path: Path) -> None:
    (found,) = findings(town(tmp_path, HEAD + MISFITS["place_unknown"]["text"]))
    assert message(found, Words("fr")).startswith("étape « avertir » : « chercher.pane »")


@pytest.mark.parametrize("name", Library.load().ids)
def test_no_procedure_of_the_library_uses_the_words_of_overlays(name: str) -> None:
    runbook = Library.load().runbook(name)
    names = {*runbook.tracks, *runbook.roles, *runbook.facts, *runbook.messages}
    for track in runbook.tracks.values():
        names |= {*track.steps, *(outcome for step in track.steps.values() for outcome in step.outcomes)}
    assert not names & {"add", "remove", "suite"}


def test_the_example_of_the_guide_is_clean(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.S)
    (tmp_path / "exemple.yaml").write_text(example, "utf-8")
    assert [one for one in check_paths([tmp_path]) if one.severity != "info"] == []
