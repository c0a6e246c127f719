"""What each message reads like: the golden files are the specification, in French and in English, real and exercise.

`TOCSIN_REWRITE_GOLDEN=1 pytest tests/chat/test_golden_faces.py` writes them again; read the difference first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bots.chat import faces
from bots.chat.faces import View, Wanted
from bots.chat.values import Content
from engine.core import commands as c
from engine.core.receipt import Accepted
from tests.bots.valmont import Valmont
from tests.chat.facing import read, seen

GOLDEN = Path(__file__).parent / "golden"


def _does(town: Valmont, *lines: tuple[str, str]) -> None:
    for line, by in lines:
        assert town.does(line, by) is None, line


def _submits(town: Valmont, command: c.Command, by: str) -> None:
    answer = town.submit(command, by)
    assert isinstance(answer, Accepted), answer


def _contained(town: Valmont) -> None:
    """Two boxes ticked, the Internet cut, an activity down; nearly late."""
    _does(
        town,
        ("prendre", "p4"),
        ("valider debranche", "p4"),
        ("valider confirme", "p4"),
        ("prendre endiguer", "p4"),
        ("cocher endiguer 1 2", "p4"),
        ("valider endiguer coupure", "p4"),
        ("activite etat_civil_deces interrompue", "p3"),
    )
    town.waits(20)


def _two_people(town: Valmont) -> None:
    """Somebody asks to switch machines off, which takes two; nobody answers."""
    _contained(town)
    _does(
        town,
        ("valider endiguer continue ! : encore deux postes", "p4"),
        ("valider eteint ! : zone B", "p4"),
        ("tache Rappeler l'astreinte <@U123> <!channel> @p2 avant 06:00", "p1"),
        ("note <b>Rançon</b> : voir `C:\\LISEZ-MOI` & la clé", "p5"),
    )
    town.waits(70)


def _called(town: Valmont) -> None:
    _contained(town)
    _submits(town, c.CallRoll(), "p3")
    town.waits(4)
    _submits(town, c.MarkCall(person="p1", result="voicemail"), "p3")
    _submits(town, c.MarkPresence(person="p5", status="coming"), "p5")


def _signed(town: Valmont) -> None:
    _contained(town)
    _submits(town, c.Approve(approval=1), "p1")


def _spoken(town: Valmont) -> None:
    _contained(town)
    answer = town.submit(c.Approve(approval=1, voice="p1"), "p5")
    assert isinstance(answer, Accepted), answer


def _closed(town: Valmont) -> None:
    _contained(town)
    _submits(town, c.CloseIncident(reason="tout est rentré dans l'ordre", confirm=True), "p1")


def _suspected(town: Valmont) -> None:
    _two_people(town)
    _submits(town, c.ChangeSurface(surface="slack", status="suspect"), "p1")


def _asked(town: Valmont) -> None:
    """A step that asks four questions, one of them answered."""
    _does(
        town,
        ("prendre", "p4"),
        ("valider debranche", "p4"),
        ("prendre", "p4"),
        ("fait postes_touches=14", "p4"),
    )


def _began(_: Valmont) -> None:
    """Nobody knows anything yet."""


def _card(person: str, name: str) -> Callable[[View, Valmont], Iterator[Content]]:
    """Somebody's messages of this name, those in wait too."""

    def found(view: View, _: Valmont) -> Iterator[Content]:
        yield from (one.content for one in faces.private_wanted(view, person) if one.key.endswith(name))

    return found


def _group(view: View, _: Valmont) -> Iterator[Content]:
    yield from (one.content for one in faces.group_wanted(view))


def _left(view: View, _: Valmont) -> Iterator[Content]:
    """The steps that the head of the machines left, in one line each; and a card that is no step's."""
    left = view.incident.runs[1].tracks["technique"].left
    for name in (*(f"1:technique:{step}:{one.visit}" for step, one in left.items()), "nothing"):
        yield faces.retired(view, view.key("now"), name, "p4")


def _told(view: View, town: Valmont) -> Iterator[Content]:
    heads = {entry.seq: f"{entry.seq:064x}" for entry in town.journal}
    for one in faces.notices(view, town.journal, heads):
        yield _to(one)


def _to(one: Wanted) -> Content:
    """With the name of whoever reads it before it."""
    title = f"→ {one.person or 'group'}{'' if one.silent else ' (♪)'} | {one.content.title}"
    return Content(
        title=title, lines=one.content.lines, buttons=one.content.buttons, mentions=one.content.mentions
    )


def _declare(view: View, _: Valmont) -> Iterator[Content]:
    yield faces.declare_content(view.speech())


FACES: dict[str, tuple[Callable[[Valmont], None], Callable[[View, Valmont], Iterator[Content]]]] = {
    "groupe": (_two_people, _group),
    "groupe-premieres-minutes": (_began, _group),
    "groupe-apres-signature": (_signed, _group),
    "groupe-clos": (_closed, _group),
    "groupe-suspect": (_suspected, _group),
    "etape-premieres-minutes": (_began, _card("p2", "now")),
    "etape-questions": (_asked, _card("p4", "now")),
    "etape-endiguer": (_contained, _card("p4", "now")),
    "etape-et-taches": (_two_people, _card("p2", "now")),
    "rien": (_signed, _card("p1", "now")),
    "clos": (_closed, _card("p4", "now")),
    "suspect": (_suspected, _card("p4", "now")),
    "signer": (_two_people, _card("p1", "sign:2")),
    "confirmer": (_spoken, _card("p1", "sign:1")),
    "appel": (_called, _card("p1", "roll")),
    "appel-repondu": (_called, _card("p5", "roll")),
    "chaine-d-appel": (_called, _card("p3", "calls")),
    "historique": (_contained, _left),
    "annonces": (_two_people, _told),
    "declarer": (_began, _declare),
}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("face", FACES)
def test_a_face_reads_as_its_golden_file(face: str, lang: str) -> None:
    play, show = FACES[face]
    parts = []
    for exercise in (False, True):
        town = Valmont().declares(exercise=exercise)
        play(town)
        health = {"slack": None, "telegram": town.now - 60_000} if face == "groupe" else None
        view = seen(town, "slack", lang=lang, health=health)
        parts.append("\n\n".join(map(read, show(view, town))))
    drawn = "\n\n========== exercice ==========\n\n".join(parts) + "\n"
    path = GOLDEN / f"{face}.{lang}.txt"
    if os.environ.get("TOCSIN_REWRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(drawn, "utf-8")
    assert drawn == path.read_text("utf-8")


def test_every_exercise_says_so_first() -> None:
    town = Valmont().declares(exercise=True)
    _two_people(town)
    view = seen(town)
    wanted = [*faces.group_wanted(view), *faces.notices(view, town.journal)]
    wanted += [one for person in faces.people(view) for one in faces.private_wanted(view, person)]
    assert [one.key for one in wanted if not one.content.title.startswith("[EXERCICE]")] == []


def test_no_number_is_in_a_group_nor_on_another_card_than_the_call_chain() -> None:
    town = Valmont().declares()
    _called(town)
    view = seen(town)
    wanted = [*faces.group_wanted(view), *faces.notices(view, town.journal)]
    wanted += [one for person in faces.people(view) for one in faces.private_wanted(view, person)]
    with_numbers = {
        one.key for one in wanted if "6 39 98" in read(one.content) or "63998" in read(one.content)
    }
    assert with_numbers == {view.key("calls")}
