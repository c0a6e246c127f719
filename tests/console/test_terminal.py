"""A real terminal: a person types at the prompt, what falls due appears above it, leaving says how to come back."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.console.town import Town, environment, new_town

pty = pytest.importorskip("pty")

PATIENCE = 30.0
ESCAPES = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|[()][A-Za-z0-9]|[=>78]|\][^\x07]*\x07)")


@dataclass
class Terminal:
    """What a person sees and types. Never sleeps: it waits for words to appear."""

    handle: int
    process: subprocess.Popen[bytes]
    seen: bytes = b""
    read_from: int = field(default=0)

    def shows(self, words: str) -> str:
        """Read until these words are on the screen; what came with them."""
        wanted, deadline = words.encode(), time.monotonic() + PATIENCE
        while wanted not in self._plain()[self.read_from :]:
            assert time.monotonic() < deadline, (
                f"{words!r} never came; seen:\n{self._plain()[-3000:].decode('utf-8', 'replace')}"
            )
            self._read()
        plain = self._plain()
        end = plain.index(wanted, self.read_from) + len(wanted)
        shown, self.read_from = plain[self.read_from : end], end
        return shown.decode("utf-8", "replace")

    def types(self, words: str) -> None:
        os.write(self.handle, words.encode() + b"\r")

    def presses(self, key: bytes) -> None:
        os.write(self.handle, key)

    def ends(self) -> int:
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "it never ended"
            self._read()
        return self.process.returncode

    def _plain(self) -> bytes:
        return ESCAPES.sub(b"", self.seen).replace(b"\r", b"")

    def _read(self) -> None:
        import select

        ready, _, _ = select.select([self.handle], [], [], 0.1)
        if ready:
            try:
                self.seen += os.read(self.handle, 65536)
            except OSError:  # the other end is closed: the program is ending
                self.process.wait(PATIENCE)


@contextmanager
def at_terminal(town: Town, *words: str) -> Iterator[Terminal]:
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 80, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "bots.cli", "--home", str(town.path), *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        close_fds=True,
        start_new_session=True,
        env=environment()
        | {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "LINES": "60", "COLUMNS": "80"},
    )
    os.close(theirs)
    try:
        yield Terminal(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return new_town(tmp_path)


def test_a_person_is_driven_from_the_first_question_to_leaving_and_back(town: Town) -> None:
    with at_terminal(town, "run") as terminal:
        assert "1 Hélène Castaing" in terminal.shows("Numéro ou nom ›")
        terminal.types("4")
        terminal.shows("Que se passe-t-il ?")
        asked = terminal.shows("Numéro ou nom ›")
        assert asked.index("Je ne sais pas encore") < asked.index("Rançongiciel")
        terminal.types("rançon")
        terminal.shows("GESTE RÉFLEXE")
        assert "Jamais : Éteindre ou redémarrer une machine touchée" in terminal.shows(
            "Chiffrement déjà visible"
        )
        terminal.types("1")
        terminal.shows("QUALIFIER L'ALERTE")
        terminal.shows("Fausse alerte")
        terminal.types("fausse_alerte")
        terminal.shows("Motif pour « Fausse alerte » (vide : ne rien faire) ›")
        terminal.types("1")
        terminal.shows("Un motif tient en quelques mots")
        terminal.shows("(vide : ne rien faire) ›")
        terminal.types("")
        terminal.shows("Rien n'a été fait.")
        terminal.types("?")
        assert "prendre qualifier" in terminal.shows("? tout")
        terminal.shows(" min ›")
        terminal.presses(b"\x04")
        terminal.shows("Pour reprendre : tocsin run --incident")
        assert terminal.ends() == 0
    with at_terminal(town, "run", "--as", "p4") as terminal:
        asked = terminal.shows("2 Un nouvel incident")
        assert "1 Le reprendre" in asked
        terminal.types("zut")
        terminal.shows("n'est pas dans la liste")
        terminal.types("1")
        terminal.shows("on reprend où on en était")
        terminal.shows("QUALIFIER L'ALERTE")
        terminal.shows("Fausse alerte")
        terminal.shows(" min ›")
        terminal.presses(b"\x03")
        terminal.shows("Pour reprendre")
        assert terminal.ends() == 0


def test_naming_a_procedure_opens_no_second_incident_unasked(town: Town) -> None:
    assert town.tocsin("run", "rancongiciel", "--as", "p4", lines="etat\n").code == 0
    with at_terminal(town, "run", "fraude-virement", "--as", "p4", "--title", "RIB") as terminal:
        assert "1 Le reprendre" in terminal.shows("2 Un nouvel incident")
        terminal.shows("Numéro ou nom ›")
        terminal.presses(b"\x04")
        assert terminal.ends() == 0
    assert town.tocsin("list").out.count("INC-") == 1


def test_a_tired_finger_presses_one_card_only(town: Town) -> None:
    """Three times the same key: the second card is not pressed, and nothing is closed for a reason of one digit."""
    with at_terminal(town, "run", "rancongiciel", "--as", "p4") as terminal:
        terminal.shows("2 Chiffrement déjà visible")
        terminal.shows(" min ›")
        terminal.presses(b"1\r1\r1\r")
        terminal.shows("✓ n°")
        terminal.shows(" min ›")
        terminal.types("note toujours là")
        terminal.shows("toujours là")
        terminal.shows(" min ›")
        terminal.presses(b"\x04")
        assert terminal.ends() == 0
    told = json.loads(town.tocsin("list", "--json").out)["incidents"][0]["incident"]
    state = json.loads(town.tocsin("show", told, "--json").out)
    assert state["runs"]["1"]["tracks"]["technique"]["cursor"]["step"] == "qualifier"


def test_another_track_in_front_is_asked_about_before_a_number_is_for_it(town: Town) -> None:
    with at_terminal(town, "run", "je-ne-sais-pas-encore", "--as", "p3") as terminal:
        terminal.shows("2 Fichiers illisibles, rançon")
        terminal.shows(" ›")
        terminal.types("2")
        terminal.shows("GESTE RÉFLEXE")
        terminal.shows("Nadia ›")
        terminal.types("1")
        terminal.shows("Vous changez de volet : Technique. « Geste réflexe » : Machines débranchées ?")
        terminal.shows("2 oui ›")
        terminal.types("1")
        terminal.shows("Rien n'a été fait.")
        terminal.types("1")
        terminal.shows("2 oui ›")
        terminal.types("2")
        terminal.shows("QUALIFIER L'ALERTE")
        terminal.shows("Nadia")
        terminal.types("quitter")
        terminal.shows(f"--home {town.path}")
        assert terminal.ends() == 0


def test_a_command_typed_where_a_reason_was_asked_is_asked_about(town: Town) -> None:
    with at_terminal(town, "run", "rancongiciel", "--as", "p4") as terminal:
        terminal.shows(" min ›")
        terminal.types("valider debranche")
        terminal.shows("QUALIFIER L'ALERTE")
        terminal.shows(" min ›")
        terminal.types("valider fausse_alerte")
        terminal.shows("(vide : ne rien faire) ›")
        terminal.types("valider trier rancon")  # a step that is not open: a slip in a command still
        terminal.shows("« valider trier rancon » ressemble à une commande.")
        terminal.shows("2 c'est bien le motif (vide : ne rien faire) ›")
        terminal.types("")
        terminal.shows("Rien n'a été fait.")
        terminal.shows(" min ›")
        terminal.types("valider fausse_alerte")
        terminal.shows("Motif pour")
        terminal.shows("(vide : ne rien faire) ›")
        terminal.types("etat")
        terminal.shows("« etat » ressemble à une commande.")
        terminal.shows("2 c'est bien le motif (vide : ne rien faire) ›")
        terminal.types("1")
        terminal.shows("Rien n'a été fait.")
        terminal.shows("Cellule")
        terminal.shows(" min ›")
        terminal.types("quitter")
        assert terminal.ends() == 0


def test_one_may_leave_at_every_question(town: Town) -> None:
    for answers in (("quitter",), ("3", "quitter"), ("3", "\x03")):
        with at_terminal(town, "run") as terminal:
            for answer in answers:
                terminal.shows("Numéro ou nom ›")
                terminal.presses(answer.encode()) if answer == "\x03" else terminal.types(answer)
            assert terminal.ends() == 0
    assert json.loads(town.tocsin("list", "--json").out)["incidents"] == []


def test_a_question_is_answered_at_its_letter(town: Town) -> None:
    with at_terminal(town, "run", "rancongiciel", "--as", "p1") as terminal:
        terminal.shows("Hélène")
        terminal.types("aller investiguer : essai de la suite")
        terminal.shows("a=… ou fait date_sure=…")
        terminal.shows("Hélène")
        terminal.types("a")
        terminal.shows("ou hier] ›")
        terminal.types("quand ?")
        terminal.shows("n'est pas une réponse")
        terminal.shows("ou hier] ›")
        terminal.types("20/11/2026")
        terminal.shows("→ vendredi 20 novembre 2026")
        terminal.types("quitter")
        assert terminal.ends() == 0


def test_what_another_program_writes_appears_above_the_prompt(town: Town) -> None:
    with at_terminal(town, "run", "rancongiciel", "--as", "p4", "--title", "Essai") as terminal:
        terminal.shows(" min ›")
        name = re.search(r"INC-\d{4}-\d{3}", terminal._plain().decode())
        assert name is not None
        assert town.tocsin("do", name[0], "--as", "p3", "note", "vu", "de", "la", "préfecture").code == 0
        assert "Nadia Benslimane" in terminal.shows("vu de la préfecture")
        terminal.types("note et moi aussi")
        terminal.shows("· et moi aussi")
        terminal.shows(" min ›")
        terminal.presses(b"\x04")
        assert terminal.ends() == 0


def test_what_falls_due_appears_above_the_prompt(town: Town) -> None:
    with at_terminal(town, "run", "rancongiciel", "--as", "p4", "--title", "Essai") as terminal:
        terminal.shows(" min ›")
        terminal.types("tache relever les postes @p4 dans 2 s")
        terminal.shows("relever les postes")
        assert "l'horloge" in terminal.shows("en retard : relever les postes")
        terminal.types("quitter")
        terminal.shows("Pour reprendre")
        assert terminal.ends() == 0
