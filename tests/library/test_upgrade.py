"""A newer library is read as a difference in words, with what it means for each overlay, before it is accepted."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bots import cli
from engine.i18n import LANGUAGES, Words
from engine.library.catalogue import Library, library_folder
from engine.library.upgrade.accepted import ACCEPTED, Spoiled, accepted, keep
from engine.library.upgrade.comparing import Comparison, compare
from engine.library.upgrade.telling import told
from tests.console.town import Ran, Town, new_town

HERE = Path(__file__).parent
PANNE = (HERE / "overlays" / "panne.yaml").read_text("utf-8")
GOLDEN = HERE / "golden"
NOW = 1_795_500_000_000

CLOCKS = """\
format: 1
clocks:
  H-CNIL33:
    title: Notification à la CNIL
    delay: 72 h
    source: RGPD, article 33
    checked: 2026-11-24
    certainty: sur
"""
CONTACTS = """\
format: 1
contacts:
  cert:
    title: CERT-FR
    channel: "3218"
    source: ANSSI
    checked: 2026-11-24
    certainty: sur
"""

# What the newer library changes in the procedure: what was written, what is written now.
EDITS = [
    ("version: 3", "version: 4"),
    ("        target: 30 min\n        do: Essayez", "        target: 20 min\n        do: Essayez"),
    ("          - Serveur joignable\n", "          - Serveur joignable\n          - Voisins appelés\n"),
    ("  - Redémarrer sans noter\n", ""),
    ("            label: Simple panne", "            label: Panne ordinaire"),
    ("      isoler:\n        title: Isoler", "      debrancher:\n        title: Isoler"),
    ("next: isoler", "next: debrancher"),
    ("next: isoler", "next: debrancher"),
    (
        "        do: Relancez le service.\n",
        "        do: |\n          Notez ce que montre l'écran.\n          Relancez le service.\n",
    ),
    (
        "            label: Réparé\n            next: fini\n",
        "            label: Réparé\n            next: verifier\n",
    ),
    (
        "      fini:\n",
        "      verifier:\n        title: Vérifier\n        role: dgs\n        target: 1 h\n"
        "        outcomes:\n          verifie:\n            label: Vérifié\n            next: fini\n      fini:\n",
    ),
    ("    text: La messagerie de", "    text: Bonjour. La messagerie de"),
]

# Overlays written on the old one, and what becomes of each.
OVERLAYS = {
    "fits": "paper:\n  add: Le registre bleu est au coffre.\n",
    "touches": (
        "steps:\n  chercher:\n    target: 45 min\n    checklist:\n      add: Médiathèque appelée\n"
        "  reparer:\n    role: dgs\n"
    ),
    "unfit": "never:\n  remove: Redémarrer sans noter\nsteps:\n  isoler:\n    target: 5 min\n",
}


def newer(text: str) -> str:
    for old, new in EDITS:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


@pytest.fixture
def libraries(tmp_path: Path) -> tuple[Path, Path]:
    """The library that the town accepted, and the newer one."""
    old, new = tmp_path / "avant", tmp_path / "maintenant"
    for folder, panne in ((old, PANNE), (new, newer(PANNE))):
        (folder / "continuity").mkdir(parents=True)
        (folder / "panne.yaml").write_text(panne, "utf-8")
        (folder / "continuity" / "clocks.yaml").write_text(CLOCKS, "utf-8")
        (folder / "continuity" / "contacts.yaml").write_text(CONTACTS, "utf-8")
    (old / "ancienne.yaml").write_text(PANNE.replace("runbook: panne", "runbook: ancienne"), "utf-8")
    (new / "neuve.yaml").write_text(PANNE.replace("runbook: panne", "runbook: neuve"), "utf-8")
    (new / "continuity" / "clocks.yaml").write_text(CLOCKS.replace("72 h", "48 h"), "utf-8")
    (new / "continuity" / "contacts.yaml").write_text(
        CONTACTS.replace("2026-11-24", "2027-03-01").replace('"3218"', '"3218 ou 09 70 83 32 18"'), "utf-8"
    )
    return old, new


def town(folder: Path, **files: str) -> Path:
    home = folder / "valmont" / "runbooks"
    home.mkdir(parents=True)
    for name, text in files.items():
        (home / f"{name}.yaml").write_text(text, "utf-8")
    return home


def compared(libraries: tuple[Path, Path], home: Path) -> Comparison:
    old, new = libraries
    return compare(Library.load(old), Library.load(new), Library.load(new, home))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", OVERLAYS)
def test_the_difference_is_told_in_words(
    kind: str, lang: str, libraries: tuple[Path, Path], tmp_path: Path
) -> None:
    """Rewrite the files with TOCSIN_REWRITE_GOLDEN=1, then read them: they are what a town clerk sees."""
    home = town(tmp_path, panne=f"format: 1\noverlay: panne\nof: 3\n{OVERLAYS[kind]}")
    comparison = compared(libraries, home)
    assert [one.kind for one in comparison.overlays] == [kind]
    text = "\n".join(told(comparison, Words(lang))).replace(f"{tmp_path.resolve()}/", "")
    golden = GOLDEN / f"upgrade-{kind}.{lang}.txt"
    if os.environ.get("TOCSIN_REWRITE_GOLDEN"):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


def test_a_step_under_a_new_name_is_one_change(libraries: tuple[Path, Path], tmp_path: Path) -> None:
    """What led to it still does: that isn't said again at each way."""
    (panne,) = (one for one in compared(libraries, town(tmp_path)).procedures if one.name == "panne")
    renamed = [one for one in panne.changes if one.kind == "renamed"]
    assert [(one.before, one.after) for one in renamed] == [(("isoler",), ("debrancher",))]
    assert not [one for one in panne.changes if one.after == ("debrancher",) and one.kind == "changed"]


def test_a_comment_or_another_layout_is_no_change(tmp_path: Path) -> None:
    for name, text in (
        ("avant", PANNE),
        ("maintenant", "# relu\n" + PANNE.replace("[dsi, dgs]", "\n        - dsi\n        - dgs")),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "panne.yaml").write_text(text, "utf-8")
    assert compared((tmp_path / "avant", tmp_path / "maintenant"), town(tmp_path)).is_same


def test_a_procedure_of_the_towns_own_is_not_reached_and_is_told(
    libraries: tuple[Path, Path], tmp_path: Path
) -> None:
    comparison = compared(libraries, town(tmp_path, panne=PANNE.replace("Panne de", "Notre")))
    (panne,) = (one for one in comparison.procedures if one.name == "panne")
    assert panne.replaced_by is not None
    assert "sa propre procédure (panne.yaml)" in "\n".join(told(comparison, Words("fr")))


def test_the_overlay_of_a_procedure_that_is_gone_is_told(
    libraries: tuple[Path, Path], tmp_path: Path
) -> None:
    home = town(tmp_path, nous="format: 1\noverlay: ancienne\nof: 3\ntitle: La nôtre\n")
    (standing,) = compared(libraries, home).overlays
    assert (standing.kind, [one.rule for one in standing.findings]) == ("unfit", ["no_procedure"])


# The file where the accepted library is kept.


def test_an_accepted_library_is_read_back_whole(libraries: tuple[Path, Path], tmp_path: Path) -> None:
    keep(tmp_path, libraries[0], NOW)
    with accepted(tmp_path) as back:
        assert back is not None
        assert back.at == "2026-11-24T06:00:00+00:00"
        assert set(Library.load(back.folder).runbooks) == {"panne", "ancienne"}
        folder = back.folder
    assert not folder.exists()
    with zipfile.ZipFile(tmp_path / ACCEPTED) as archive:
        assert archive.read("panne.yaml").decode() == PANNE


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _altered(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content.replace(b"Isoler", b"Attendre"))


def _outside(path: Path) -> None:
    about = {"accepted_at": "2026-11-24T06:00:00+00:00", "sha256": {"../../dehors.yaml": "0"}}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("acceptation.json", json.dumps(about))
        archive.writestr("../../dehors.yaml", b"x")


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("acceptation.json", b" " * 50_000_000)


def _undated(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("acceptation.json", json.dumps({"accepted_at": "hier", "sha256": {}}))


def _rotten(path: Path) -> None:
    """A disk that lost a few bytes in the middle."""
    content = bytearray(path.read_bytes())
    content[2000:2400] = bytes(400)
    path.write_bytes(content)


def _deep(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("acceptation.json", "[" * 100_000)


def _long_ago(path: Path) -> None:
    about = {"accepted_at": "0001-01-01T00:00:00+14:00", "sha256": {"x" * 5000: "0"}}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("acceptation.json", json.dumps(about))


def _locked(path: Path) -> None:
    """Somebody packed it again with a password."""
    content = path.read_bytes()
    for head, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        parts = content.split(head)
        content = head.join([parts[0], *(one[: flags - 4] + b"\x01" + one[flags - 3 :] for one in parts[1:])])
    path.write_bytes(content)


@pytest.mark.parametrize(
    "spoil",
    [
        _rotten,
        _deep,
        _long_ago,
        _locked,
        _cut,
        _altered,
        _outside,
        _bomb,
        _undated,
        lambda path: path.write_bytes(b""),
    ],
)
def test_a_spoiled_record_is_said_and_nothing_is_compared(
    spoil: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = new_town(tmp_path).path
    keep(home, library_folder(), NOW)
    spoil(home / ACCEPTED)
    with pytest.raises(Spoiled), accepted(home):
        pass
    assert cli.answer(["upgrade", "--home", str(home)]) == 2
    assert ACCEPTED in capsys.readouterr().err
    assert not (tmp_path.parent / "dehors.yaml").exists()


# The command, on the real library.


class Near(Town):
    """A town whose commands run in this process: most of them only read, and there are many."""

    capsys: pytest.CaptureFixture[str]

    def tocsin(self, *words: str, lines: str = "", lang: str = "fr") -> Ran:
        if lines:
            return super().tocsin(*words, lines=lines, lang=lang)
        code = cli.answer(["--home", str(self.path), "--lang", lang, *words])
        told_of = self.capsys.readouterr()
        return Ran(code, told_of.out, told_of.err)


def near(folder: Path, capsys: pytest.CaptureFixture[str]) -> Near:
    found = Near(new_town(folder).path)
    object.__setattr__(found, "capsys", capsys)
    return found


@pytest.fixture
def behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Near:
    """A town that accepted an older library, in which the ransomware procedure gave two hours to contain."""
    old = tmp_path / "ancienne"
    shutil.copytree(library_folder(), old, ignore=shutil.ignore_patterns("exemple"))
    path = old / "rancongiciel.yaml"
    path.write_text(path.read_text("utf-8").replace("target: T0 + 1 h\n", "target: T0 + 2 h\n", 1), "utf-8")
    found = near(tmp_path, capsys)
    (found.path / "runbooks").mkdir()
    (found.path / "runbooks" / "nous.yaml").write_text(
        "# La nôtre\nformat: 1\noverlay: rancongiciel\nof: 1   # lue en mairie\nnever:\n  add: Rappeler\n",
        "utf-8",
    )
    keep(found.path, old, NOW)
    return found


def test_nothing_is_accepted_unless_somebody_says_so(behind: Near) -> None:
    kept = (behind.path / ACCEPTED).read_bytes()
    for words in (["upgrade"], ["upgrade", "--check"], ["upgrade", "--json"]):
        done = behind.tocsin(*words)
        assert done.code == 1, done.err
        assert "T0 + 2 h" in done.out
    assert (behind.path / ACCEPTED).read_bytes() == kept
    assert "tocsin upgrade --yes" in behind.tocsin("upgrade").err


def test_what_is_accepted_is_not_told_again(behind: Near) -> None:
    done = behind.tocsin("upgrade", "--yes")
    assert done.code == 0
    assert "T0 + 2 h → T0 + 1 h" in done.out
    after = behind.tocsin("upgrade", "--check")
    assert (after.code, "→" in after.out) == (0, False)


def test_accepting_says_the_version_in_the_overlay_and_nothing_else(behind: Near) -> None:
    path = behind.path / "runbooks" / "nous.yaml"
    before = path.read_text("utf-8")
    behind.tocsin("upgrade", "--yes")
    version = Library.load().runbook("rancongiciel").version
    assert path.read_text("utf-8") == before.replace("of: 1 ", f"of: {version} ")


def test_an_open_incident_keeps_its_procedure_and_is_named(behind: Near) -> None:
    behind.tocsin("run", "rancongiciel", "--as", "p4", lines="note Des fichiers sont chiffrés\n")
    done = behind.tocsin("upgrade")
    (incident,) = json.loads(behind.tocsin("upgrade", "--json").out)["open_incidents"]
    assert f"L'incident ouvert {incident} garde les procédures" in done.out


def test_an_overlay_that_no_longer_fits_is_told_even_when_nothing_changed(behind: Near) -> None:
    behind.tocsin("upgrade", "--yes")
    path = behind.path / "runbooks" / "nous.yaml"
    path.write_text(path.read_text("utf-8").replace("add: Rappeler", "remove: Rappeler"), "utf-8")
    done = behind.tocsin("upgrade", "--check")
    assert done.code == 1
    assert "nous.yaml:6:11" in done.out


def test_an_overlay_written_on_another_version_is_told_until_it_is_read_again(behind: Near) -> None:
    """Lent by a neighbour, perhaps: nothing changed since this town accepted, and yet its author read other lines."""
    behind.tocsin("upgrade", "--yes")
    path = behind.path / "runbooks" / "nous.yaml"
    path.write_text(re.sub(r"of: \d+", "of: 1", path.read_text("utf-8")), "utf-8")
    done = behind.tocsin("upgrade", "--check")
    assert (done.code, "écrite sur la version 1" in done.out) == (1, True)
    behind.tocsin("upgrade", "--yes")
    assert behind.tocsin("upgrade", "--check").code == 0


def test_a_town_that_never_accepted_starts_from_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = near(tmp_path, capsys)
    assert "encore accepté aucune" in found.tocsin("upgrade").out
    assert found.tocsin("upgrade", "--yes").code == 0
    assert found.tocsin("upgrade").code == 0


def test_a_folder_that_is_no_town_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer(["upgrade", "--home", str(tmp_path)]) == 2
    assert "tocsin init" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="a folder's permissions are POSIX's")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_refuses_leaves_what_was_accepted(behind: Near) -> None:
    behind.path.chmod(0o500)
    done = behind.tocsin("upgrade", "--yes")
    behind.path.chmod(0o700)
    assert done.code == 2
    assert "Rien n'est accepté" in done.err
