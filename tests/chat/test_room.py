"""A crisis in chat, on a real home: what is pressed, filled in, typed, kept and brought ends in the journal, once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bots.answering.guesses import MOST, REST
from bots.chat.faces.buzz import QUIET, Buzz, buzz
from bots.chat.token import DECLARE, read
from bots.chat.values import Account, Answer, Attachment, Caller, Kept, Place
from bots.inbound.pressed import person_number
from engine.core import commands as c
from engine.core import events as e
from engine.core.house import HOUSE
from engine.core.house.codes import pin_digest
from engine.core.house.commands import SetPin
from engine.core.permissions import directors
from engine.core.quantities import DAY, HOUR, MINUTE
from engine.journal.errors import JournalUnavailable
from tests.chat.rooms import CODE, CRISIS, DRILLS, SALT, Chat


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    opened = Chat.open(tmp_path)
    yield opened
    opened.home.close()


def text_of(answer: Answer) -> str:
    return "\n".join(line.text for line in answer.lines)


# Who


def test_a_code_ties_an_account_to_its_person_once(chat: Chat) -> None:
    stranger = Caller(
        account=Account(surface="telegram", id="999"),
        place=Place(surface="telegram", chat="999", person="p1"),
        key="a",
    )
    assert not chat.run(chat.room.say(stranger, f"/enroler {CODE}")).ok, "the code was used"
    chat.invites("p2", "MMMMNNNNPPPP")
    again = chat.alone("p2", "slack")
    answer = chat.run(chat.room.say(again, "/start MMMM-NNNN-PPPP"))
    assert answer.ok
    assert "Marc Ollivier" in text_of(answer)


def test_a_stranger_is_refused_politely_in_both_languages_and_leaves_no_trace(chat: Chat) -> None:
    name = chat.declares()
    before = len(chat.events(name))
    stranger = Caller(
        account=Account(surface="slack", id="T1/U9"), place=Place(surface="slack", chat="C1"), key="x"
    )
    kept = Kept(text="vu", author=stranger.account, author_name="X", sent_at=chat.clock.at, message="1")
    token = chat.token(name, "debranche")
    for act in (
        chat.room.say(stranger, "etat"),
        chat.room.press(stranger, token),
        chat.room.filled(stranger, token, {}),
        chat.room.keep(stranger, kept),
        chat.room.press(stranger, DECLARE),
    ):
        answer = chat.run(act)
        told = text_of(answer)
        assert not answer.ok
        assert "/enroler CODE" in told
        assert "/enroll CODE" in told
        assert name not in told
        assert answer.form is None
        assert answer.content is None
    assert len(chat.events(name)) == before
    assert chat.room.options(stranger, token, "reason", "") == ()


# A press


def test_a_press_is_written_before_it_is_answered_and_its_delivery_counts_once(chat: Chat) -> None:
    name = chat.declares()
    token = chat.token(name, "debranche")
    first = chat.presses("p4", token, key="same")
    again = chat.presses("p4", token, key="same")
    assert first.ok
    assert again.lines == first.lines
    entry = chat.last(name, e.OutcomePicked)
    assert (entry.actor.id, entry.source) == ("p4", "telegram")
    assert sum(isinstance(one, e.OutcomePicked) for one in chat.events(name)) == 1


def test_a_press_that_comes_too_late_says_who_and_when_in_a_popup(chat: Chat) -> None:
    name = chat.declares()
    token = chat.token(name, "debranche")
    chat.presses("p4", token)
    late = chat.presses("p5", token)
    assert not late.ok
    assert "Thierry Lacombe" in late.short
    assert "03:02" in late.short
    assert len(late.short) <= 200


def test_sixty_four_press_one_outcome_at_once_one_wins_and_the_others_are_told_who(chat: Chat) -> None:
    name = chat.declares()
    token = chat.token(name, "debranche")
    callers = [chat.alone(("p4", "p5")[n % 2], ("slack", "telegram")[n % 3 == 0]) for n in range(64)]

    async def all_at_once() -> list[Answer]:
        return await asyncio.gather(*(chat.room.press(one, token) for one in callers))

    answers = chat.run(all_at_once())
    won = [n for n, one in enumerate(answers) if one.ok]
    assert len(won) == 1
    winner = "Thierry Lacombe" if callers[won[0]].account.id.endswith("p4") else "Julie Perrault"
    assert all(winner in one.short for n, one in enumerate(answers) if n not in won)
    assert sum(isinstance(one, e.OutcomePicked) for one in chat.events(name)) == 1


def test_a_press_asks_for_the_reason_it_lacks_then_does_it(chat: Chat) -> None:
    name = chat.declares()
    chat.presses("p4", chat.token(name, "debranche"))
    asked = chat.presses("p4", chat.token(name, "sans_chiffrement"))
    assert asked.form is not None
    assert [one.name for one in asked.form.fields] == ["reason"]
    thin = chat.fills("p4", asked.form.token, reason="x")
    assert set(thin.errors) == {"reason"}
    assert chat.fills("p4", asked.form.token, reason="aucun fichier touché").ok
    assert chat.last(name, e.OutcomePicked).event.reason == "aucun fichier touché"  # type: ignore[attr-defined]


def test_what_is_left_unticked_is_read_before_it_is_confirmed(chat: Chat) -> None:
    name = chat.declares()
    chat.presses("p4", chat.token(name, "visible"))
    assert chat.presses("p4", chat.at("tick", name, what=1, value=1)).ok
    asked = chat.presses("p4", chat.token(name, "stoppe"))
    assert asked.form is not None
    assert [one.name for one in asked.form.fields] == ["reason", "confirm"]
    told = "\n".join(line.text for line in asked.form.note)
    assert "VPN coupés" in told
    assert "Internet coupé" not in told
    assert chat.fills("p4", asked.form.token, reason="déjà fait hier", confirm="yes").ok
    assert chat.step(name).cursor.step == "investiguer"


def test_an_irreversible_act_is_read_first_then_signed_by_two(chat: Chat) -> None:
    name = chat.declares()
    chat.presses("p4", chat.token(name, "visible"))
    chat.fills("p4", chat.token(name, "continue"), reason="rien ne tient", confirm="yes")
    asked = chat.presses("p4", chat.token(name, "eteint"))
    assert asked.form is not None
    told = "\n".join(line.text for line in asked.form.note)
    assert "preuves en mémoire" in told
    assert "Maire / " in told
    assert chat.fills("p4", asked.form.token, reason="la zone B tombe", confirm="yes").ok
    assert chat.step(name).cursor.step == "eteindre", "nothing is done before the signatures"
    refused = chat.presses("p1", chat.vote(name, 1, "reject"))
    assert refused.form is not None
    assert chat.presses("p1", chat.vote(name, 1, "approve")).ok
    assert chat.step(name).cursor.step == "investiguer"


def test_a_refusal_gives_its_reason(chat: Chat) -> None:
    name = chat.declares()
    chat.presses("p4", chat.token(name, "visible"))
    chat.fills("p4", chat.token(name, "continue"), reason="rien ne tient", confirm="yes")
    chat.fills("p4", chat.token(name, "eteint"), reason="la zone B tombe", confirm="yes")
    form = chat.presses("p1", chat.vote(name, 1, "reject")).form
    assert form is not None
    assert chat.fills("p1", form.token, reason="pas encore").ok
    assert chat.incident(name).approvals[1].status == "refused"


@pytest.mark.parametrize("token", ["", "declare", "x" * 56, "outcome-INC-2026-999_00000", "é"])
def test_a_forged_token_is_refused_politely(chat: Chat, token: str) -> None:
    name = chat.declares()
    before = len(chat.events(name))
    for answer in (chat.presses("p4", token), chat.fills("p4", token, text="x")):
        assert not answer.ok
        assert "abîmé" in text_of(answer)
    assert len(chat.events(name)) == before


def test_a_token_of_no_such_step_or_box_is_refused(chat: Chat) -> None:
    name = chat.declares()
    for act, what in (("outcome", 99), ("tick", 99), ("fact", 0), ("roll", 0), ("sent", 0)):
        assert not chat.presses("p4", chat.at(act, name, what=what)).ok


def test_what_is_delivered_again_means_what_it_meant_the_first_time(chat: Chat) -> None:
    """By now the words would mean more: other boxes, another step."""
    name = chat.declares()
    chat.presses("p4", chat.token(name, "visible"))
    chat.says("p4", "cocher endiguer 1 2 3 4 5")
    first = chat.says("p4", "cocher endiguer tout", key="again")
    for item in (2, 3):
        chat.presses("p5", chat.at("tick", name, what=item, value=2))
    before = len(chat.events(name))
    again = chat.says("p4", "cocher endiguer tout", key="again")
    assert again.lines == first.lines
    values = {"text": "vu"}
    for _ in range(2):
        caller = chat.alone("p4", key="view")
        assert chat.run(chat.room.filled(caller, chat.of("note", name), values)).ok
    assert len(chat.events(name)) == before + 1


def test_a_whole_line_is_written_at_once_or_not_at_all(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    name = chat.declares()
    chat.presses("p4", chat.token(name, "visible"))
    written: list[int] = []
    chat.home.desk.on_commit(lambda _, __, entries: written.append(len(entries)))
    commits: list[int] = []
    commit = chat.home.journal.commit

    def counted() -> None:
        commits.append(1)
        commit()

    monkeypatch.setattr(chat.home.journal, "commit", counted)
    assert chat.says("p4", "cocher endiguer 1 2 3").ok
    assert (sum(written), len(commits)) == (3, 1)


# Forms of a step


def test_boxes_are_ticked_together_and_taken_back(chat: Chat) -> None:
    name = chat.declares()
    chat.presses("p4", chat.token(name, "visible"))
    token = chat.token(name, "tick")
    form = chat.presses("p4", token).form
    assert form is not None
    assert form.fields[0].kind == "many"
    assert len(form.fields[0].choices) == 6
    assert chat.fills("p4", token, items="1,2,4").ok
    assert set(chat.step(name).cursor.ticks) == {1, 2, 4}
    assert chat.fills("p4", token, items="1,4,5").ok
    assert set(chat.step(name).cursor.ticks) == {1, 4, 5}
    before = len(chat.events(name))
    assert chat.fills("p4", token, items="5,4,1").ok
    assert len(chat.events(name)) == before


def test_questions_are_answered_in_one_form_and_checked_before_anything_is_written(chat: Chat) -> None:
    name = chat.declares()
    chat.presses("p4", chat.token(name, "debranche"))
    token = chat.token(name, "fact")
    form = chat.presses("p4", token).form
    assert form is not None
    kinds = {one.name: one.kind for one in form.fields}
    assert kinds["fact:postes_touches"] == "number"
    assert kinds["fact:annuaire_touche"] == "choice"
    before = len(chat.events(name))
    values = {"fact:postes_touches": "14", "fact:serveurs_touches": "beaucoup"}
    wrong = chat.run(chat.room.filled(chat.alone("p4"), token, values))
    assert set(wrong.errors) == {"fact:serveurs_touches"}
    assert len(chat.events(name)) == before
    values = {"fact:postes_touches": "14", "fact:annuaire_touche": "?"}
    assert chat.run(chat.room.filled(chat.alone("p4"), token, values)).ok
    assert chat.incident(name).runs[1].facts["postes_touches"] == "14"


def test_a_form_about_a_step_that_moved_on_says_so_and_changes_nothing(chat: Chat) -> None:
    name = chat.declares()
    chat.presses("p4", chat.token(name, "debranche"))
    token = chat.token(name, "fact")
    chat.presses("p4", chat.token(name, "confirme"))
    before = len(chat.events(name))
    late = chat.presses("p5", token)
    assert not late.ok
    assert "Thierry Lacombe" in late.short
    assert len(chat.events(name)) == before


def test_everything_that_is_written_has_its_form(chat: Chat) -> None:
    name = chat.declares()
    assert chat.fills("p5", chat.of("note", name), text="vu le préfet", when="02:50").ok
    note = chat.last(name, e.NoteTaken)
    assert note.occurred_at == chat.clock.at - 12 * MINUTE
    assert set(chat.fills("p5", chat.of("note", name), text="vu", when="bientôt").errors) == {"when"}


def test_the_hour_may_end_the_text_of_a_form(chat: Chat) -> None:
    name = chat.declares()
    assert chat.fills("p5", chat.of("decision", name), text="VPN coupés @02:50").ok
    kept = chat.last(name, e.DecisionMade)
    assert (kept.event.text, kept.occurred_at) == ("VPN coupés", chat.clock.at - 12 * MINUTE)  # type: ignore[attr-defined]
    assert set(chat.fills("p5", chat.of("decision", name), text="vu @99:99").errors) == {"text"}
    assert set(chat.fills("p5", chat.of("note", name), text=" ").errors) == {"text"}
    assert chat.fills("p1", chat.of("decision", name), text="on coupe tout").ok
    assert chat.fills("p5", chat.of("say", name), text="rendez-vous à 5 h").ok
    assert chat.fills("p5", chat.at("deviation", name), text="redémarré").ok
    assert chat.last(name, e.DeviationRecorded).event.step == "reflexe"  # type: ignore[attr-defined]
    assert chat.fills("p4", chat.at("blocked", name), reason="pas de clé du local").ok
    assert chat.fills("p4", chat.at("evidence", name), text="écran rouge, poste 12").ok
    assert chat.fills("p5", chat.of("task", name), text="des piles", who="p2", due="18:00").ok
    task = list(chat.incident(name).tasks.values())[-1]
    assert (task.text, task.who, task.due > chat.clock.at) == ("des piles", "p2", True)
    form = chat.presses("p3", chat.of("situation", name)).form
    assert form is not None
    assert any("Technique" in line.text for line in form.note)
    assert chat.fills("p3", form.token, more="Le préfet arrive.").ok
    report = chat.last(name, e.SituationReported).event.text  # type: ignore[attr-defined]
    assert report.endswith("Le préfet arrive.")
    assert chat.fills("p4", chat.of("handover", name), to="p5", more="Tout est noté.").ok
    assert chat.last(name, e.HandedOver).event.to == "p5"  # type: ignore[attr-defined]


# The cell


def test_a_call_that_reaches_somebody_feeds_presence(chat: Chat) -> None:
    name = chat.declares()
    assert chat.presses("p5", chat.of("rollcall", name)).ok
    missed = chat.presses("p5", chat.of("called", name, person_number("p1"), 2))
    assert missed.ok
    assert "messagerie" in text_of(missed)
    assert "p1" in chat.incident(name).calls
    assert chat.presses("p5", chat.of("called", name, person_number("p1"), 1)).ok
    assert chat.incident(name).presence["p1"] == "coming"
    assert chat.presses("p2", chat.of("presence", name, person_number("p2"), 3)).ok
    assert chat.incident(name).presence["p2"] == "unavailable"


# Lines


def test_the_words_do_what_they_do_at_the_terminal(chat: Chat) -> None:
    name = chat.declares()
    assert chat.says("p4", "/tocsin note vu le maire @02:50").ok
    assert chat.says("p5", "/decision on coupe").ok
    assert chat.says("p5", "par p1 note je suis en route").ok
    entry = chat.last(name, e.NoteTaken)
    assert (entry.actor.id, entry.entered_by and entry.entered_by.id) == ("p1", "p5")
    assert chat.says("p4", "valider debranche").ok
    assert chat.step(name).cursor.step == "qualifier"
    lost = chat.says("p4", "fabriquer un avion")
    assert not lost.ok
    assert lost.lines[0].kind == "no"


def test_a_line_is_asked_what_it_lacks(chat: Chat) -> None:
    name = chat.declares()
    chat.says("p4", "valider debranche")
    asked = chat.says("p4", "valider fausse_alerte")
    assert asked.form is not None
    assert read(asked.form.token) is not None
    assert chat.fills("p4", asked.form.token, reason="un exercice du prestataire").ok
    assert chat.incident(name).runs[1].end == "false_alarm"


def test_a_form_given_back_without_its_yes_says_what_is_missing_under_it(chat: Chat) -> None:
    name = chat.declares()
    sure = chat.says("p1", "abandonner 1 : rien ne va")
    assert sure.form is not None
    answer = chat.fills("p1", sure.form.token, line="abandonner 1 : rien ne va", confirm="")
    assert "Cochez" in answer.errors["confirm"]
    assert list(chat.incident(name).open_runs)


def test_what_cannot_be_undone_is_done_once_it_is_said_again(chat: Chat) -> None:
    name = chat.declares()
    sure = chat.says("p1", "abandonner 1 : rien ne va")
    assert sure.form is not None
    line = next(one for one in sure.form.fields if one.name == "line")
    assert line.value == "abandonner 1 : rien ne va"
    assert chat.fills("p1", sure.form.token, line=line.value, confirm="yes").ok
    closing = chat.says("p1", "clore")
    assert closing.form is not None
    assert [one.name for one in closing.form.fields] == ["line", "reason", "confirm"]
    assert "Restera ouvert" in closing.form.note[-1].text
    assert chat.fills("p1", closing.form.token, line="clore", reason="fini pour nous", confirm="yes").ok
    assert chat.incident(name).status == "closed"


def test_a_line_of_another_keeps_who_acts_when_it_is_completed(chat: Chat) -> None:
    name = chat.declares()
    chat.says("p4", "valider debranche")
    asked = chat.says("p5", "par p4 valider sans_chiffrement")
    assert asked.form is not None
    line = next(one.value for one in asked.form.fields if one.name == "line")
    assert chat.fills("p5", asked.form.token, line=line, reason="aucun fichier touché").ok
    entry = chat.last(name, e.OutcomePicked)
    assert (entry.actor.id, entry.entered_by and entry.entered_by.id) == ("p4", "p5")


def test_questions_are_answered_to_all_in_the_group_and_alone_in_private(chat: Chat) -> None:
    name = chat.declares()
    public = chat.run(chat.room.say(chat.among("p4", incident=name), "chrono"))
    assert public.public
    assert "Incident déclaré" in text_of(public)
    mine = chat.run(chat.room.say(chat.among("p4", incident=name), "moi"))
    assert not mine.public
    assert mine.content is not None
    assert mine.content.buttons
    phones = chat.run(chat.room.say(chat.among("p4", incident=name), "annuaire Nadia"))
    assert not phones.public
    step = chat.presses("p4", chat.at("view", name))
    assert step.content is not None
    assert chat.says("p4", "voir technique").content is not None
    calls = chat.presses("p4", chat.of("cell", name))
    assert calls.content is not None
    assert "aide" not in text_of(chat.says("p4", "aide"))[:3]


def test_a_sensitive_answer_is_refused_where_others_read(chat: Chat) -> None:
    name = chat.declares()
    text = "fait contact_attaquant=http://voleur.onion"
    before = len(chat.events(name))
    shared = chat.run(chat.room.say(chat.among("p4", incident=name), text))
    assert not shared.ok
    assert "Telegram a gardé" in text_of(shared)
    assert len(chat.events(name)) == before
    private = chat.says("p4", text)
    assert private.ok
    assert "voleur" not in text_of(private)
    assert chat.last(name, e.FactSet).event.value == "http://voleur.onion"  # type: ignore[attr-defined]
    public = chat.run(chat.room.say(chat.among("p4", incident=name), "chrono 50"))
    assert "voleur" not in text_of(public)


def test_a_long_line_is_kept_whole(chat: Chat) -> None:
    name = chat.declares()
    text = "mot " * 999
    assert chat.says("p4", f"note {text}").ok
    assert chat.last(name, e.NoteTaken).event.text == text.strip()  # type: ignore[attr-defined]


def test_what_was_sent_long_before_it_came_keeps_its_hour(chat: Chat) -> None:
    name = chat.declares()
    chat.clock.at += HOUR
    sent = chat.clock.at - 20 * MINUTE
    assert chat.says("p4", "note vu", sent_at=sent).ok
    entry = chat.last(name, e.NoteTaken)
    assert (entry.at, entry.occurred_at) == (chat.clock.at, sent)


# Which incident


def test_between_a_real_one_and_an_exercise_nothing_is_guessed(chat: Chat) -> None:
    real = chat.declares()
    assert chat.says("p4", "note vu").ok
    drill = chat.declares(exercise=True)
    asked = chat.says("p4", "note vu encore")
    assert not asked.ok
    assert asked.form is not None
    choice = asked.form.fields[0]
    assert [one for one, _ in choice.choices] == [real, drill]
    assert "[EXERCICE]" in choice.choices[1][1]
    assert chat.fills("p4", asked.form.token, incident=drill, line="note vu encore").ok
    assert chat.last(drill, e.NoteTaken).event.text == "vu encore"  # type: ignore[attr-defined]
    here = chat.run(chat.room.say(chat.among("p4", incident=real), "note ici même"))
    assert here.ok
    assert chat.last(real, e.NoteTaken).event.text == "ici même"  # type: ignore[attr-defined]


def test_without_an_incident_a_line_says_how_to_declare(chat: Chat) -> None:
    answer = chat.says("p4", "note vu")
    assert not answer.ok
    assert "declarer" in text_of(answer)


def test_once_closed_the_last_one_is_reopened_in_private_and_the_answer_names_it(chat: Chat) -> None:
    chat.orders(c.CloseIncident(reason="joué", confirm=True), drill := chat.declares(exercise=True), "p1")
    chat.clock.at += 3 * DAY
    chat.orders(c.CloseIncident(reason="fini", confirm=True), real := chat.declares(), "p1")
    for line in ("chrono", "exporter"):
        assert real in text_of(chat.says("p1", line))
    status = chat.says("p1", "etat").content
    assert status is not None
    assert real in status.title
    answer = chat.says("p1", "rouvrir de nouveaux écrans rouges")
    assert answer.ok
    assert real in answer.lines[0].text
    assert [chat.incident(one).status for one in (real, drill)] == ["open", "closed"]


def test_which_closed_one_is_asked_when_another_was_closed_about_then(chat: Chat) -> None:
    chat.orders(c.CloseIncident(reason="fini", confirm=True), real := chat.declares(), "p1")
    chat.orders(c.CloseIncident(reason="joué", confirm=True), drill := chat.declares(exercise=True), "p1")
    asked = chat.says("p1", "rouvrir on rejoue")
    assert asked.form is not None
    assert [one for one, _ in asked.form.fields[0].choices] == [real, drill]
    assert chat.incident(real).status == chat.incident(drill).status == "closed"
    assert chat.fills("p1", asked.form.token, incident=drill, line="rouvrir on rejoue").ok
    assert chat.incident(drill).status == "open"


def test_help_says_how_to_declare_first_when_nothing_is_open_and_nothing_of_a_keyboard(chat: Chat) -> None:
    told = chat.says("p4", "aide").lines
    assert told[0].text.startswith("declarer")
    chat.declares()
    told += chat.says("p4", "aide").lines + chat.says("p4", "aide tout").lines
    assert not any(line.text.startswith("quitter") for line in told)


# Declare


def test_declaring_asks_what_happens_with_i_do_not_know_first(chat: Chat) -> None:
    form = chat.presses("p5", DECLARE).form
    assert form is not None
    what = form.fields[0]
    assert what.choices[0][0] == "je-ne-sais-pas-encore"
    assert [one.name for one in form.fields] == ["runbook", "since", "title", "kind"]
    wrong = chat.fills("p5", DECLARE, runbook="rancongiciel", since="avant-hier peut-être", kind="real")
    assert set(wrong.errors) == {"since"}
    done = chat.fills("p5", DECLARE, runbook="rancongiciel", since="02:30", title="Écrans", kind="real")
    assert done.ok
    (incident,) = chat.home.desk.incidents()
    assert (incident.title, incident.exercise) == ("Écrans", False)
    assert incident.known_at == chat.clock.at - 32 * MINUTE
    assert incident.id in text_of(done)


def test_a_group_of_exercises_declares_nothing_real_nor_the_other_way_round(chat: Chat) -> None:
    drill = chat.run(chat.room.filled(chat.among("p5", DRILLS), DECLARE, {"runbook": "rancongiciel"}))
    assert drill.ok
    real = chat.run(chat.room.filled(chat.among("p5", CRISIS), DECLARE, {"runbook": "rancongiciel"}))
    assert real.ok
    assert [one.id[:2] for one in chat.home.desk.incidents()] == ["EX", "IN"]
    wrong = chat.run(chat.room.say(chat.among("p5", CRISIS), "declarer exercice rancongiciel essai !"))
    assert not wrong.ok


def test_a_line_declares_at_once_unless_something_is_open(chat: Chat) -> None:
    assert chat.says("p5", "declarer rancongiciel écrans rouges @02:40").ok
    (incident,) = chat.home.desk.incidents()
    assert incident.title == "écrans rouges"
    again = chat.says("p4", "declarer rancongiciel écrans rouges")
    assert again.form is not None
    assert any(incident.id in line.text for line in again.form.note)
    assert len(list(chat.home.desk.incidents())) == 1
    assert chat.says("p4", "declarer").form is not None


# Keep, bring


def test_a_message_is_kept_once_with_its_hour_and_its_author(chat: Chat) -> None:
    name = chat.declares()
    chat.clock.at += HOUR
    kept = Kept(
        text="la baie clignote",
        author=Account(surface="telegram", id="telegram-p2"),
        author_name="marco",
        sent_at=chat.clock.at - 30 * MINUTE,
        message="77",
    )
    for person in ("p4", "p5"):
        assert chat.run(chat.room.keep(chat.among(person, incident=name), kept)).ok
    entries = [one for one in chat.home.journal.reader.entries(name) if isinstance(one.event, e.MessageKept)]
    assert len(entries) == 1
    entry = entries[0]
    assert entry.event == e.MessageKept(
        text="la baie clignote", author="Marc Ollivier", message="telegram:77"
    )  # fmt: skip
    assert (entry.actor.id, entry.occurred_at) == ("p4", kept.sent_at)


def test_what_becomes_of_a_kept_message_is_written_beside_and_of_others_nothing(chat: Chat) -> None:
    name = chat.declares()
    kept = Kept(
        text="14 postes", author=Account(surface="telegram", id="5"), author_name="Paul", sent_at=0, message="77"
    )  # fmt: skip
    chat.run(chat.room.keep(chat.among("p4", incident=name), kept))
    number = chat.last(name, e.MessageKept).seq
    before = len(chat.events(name))
    stranger = Caller(account=Account(surface="telegram", id="5"), place=CRISIS, key="edit", incident=name)
    chat.run(chat.room.changed(stranger, "78", "autre chose"))
    chat.run(chat.room.changed(stranger, "77", "14 postes"))
    assert len(chat.events(name)) == before
    chat.run(chat.room.changed(stranger, "77", "12 postes"))
    chat.run(chat.room.changed(stranger, "77", "12 postes"))
    later = Caller(account=stranger.account, place=CRISIS, key="gone")
    chat.run(chat.room.changed(later, "77", None))
    assert chat.events(name, before) == [
        e.KeptMessageChanged(entry=number, text="12 postes"),
        e.KeptMessageChanged(entry=number, deleted=True),
    ]


def test_a_file_is_stored_hashed_and_a_compressed_photo_says_so(chat: Chat, tmp_path: Path) -> None:
    name = chat.declares()
    path = tmp_path / "upload.bin"
    path.write_bytes(b"preuve")
    photo = Attachment(name="photo.jpg", size=6, media="image/jpeg", path=str(path), photo=True)
    token = chat.token(name, "evidence")
    answer = chat.run(chat.room.bring(chat.alone("p4"), token, photo, "poste 12"))
    assert answer.ok
    assert not path.exists()
    event = chat.last(name, e.EvidenceAdded).event
    assert isinstance(event, e.EvidenceAdded)
    assert (event.step, event.size, event.media) == ("reflexe", 6, "image/jpeg")
    assert event.text == "poste 12 — photo compressée par la messagerie"
    assert chat.home.evidence.whole(event.sha256)
    assert answer.lines[0].text == f"Photo gardée, n° {chat.last(name, e.EvidenceAdded).seq}"
    assert "comme fichier" in text_of(answer)
    gone = Attachment(name="x", size=1, media="", path=str(tmp_path / "absent"))
    lost = chat.run(chat.room.bring(chat.alone("p4"), token, gone, ""))
    assert not lost.ok


# The surface itself


def test_a_suspect_channel_shows_nothing_and_does_nothing_but_writes_what_is_said(chat: Chat) -> None:
    name = chat.declares()
    token = chat.token(name, "debranche")
    assert chat.says("p4", "canal telegram suspect : compte volé", surface="slack").ok
    assert not chat.presses("p4", token).ok
    hidden = chat.says("p4", "moi")
    assert hidden.content is None, "there is nothing to press"
    assert "Geste réflexe" not in str(hidden)
    assert chat.presses("p4", chat.token(name, "note")).form is None
    assert chat.says("p4", "note vu quelqu'un").ok
    assert chat.step(name).cursor.step == "reflexe"
    assert not chat.says("p4", "canal telegram sain").ok
    assert chat.says("p4", "canal telegram sain", surface="slack").ok
    assert chat.presses("p4", token).ok


def asks_with_pin(chat: Chat) -> str:
    """An incident in which the first signature is asked for, and p1 has a PIN."""
    name = chat.declares()
    chat.presses("p4", chat.token(name, "visible"))
    chat.fills("p4", chat.token(name, "continue"), reason="rien ne tient", confirm="yes")
    chat.fills("p4", chat.token(name, "eteint"), reason="la zone B tombe", confirm="yes")
    chat.orders(SetPin(salt=SALT, digest=pin_digest("271828", SALT)), HOUSE, "p1")
    return name


def test_while_a_channel_is_suspect_a_pin_stands_for_a_second_way(chat: Chat) -> None:
    name = asks_with_pin(chat)
    assert chat.says("p5", "canal slack suspect : vol").ok
    approve = chat.vote(name, 1, "approve")
    chat.presses("p1", approve)
    assert chat.incident(name).approvals[1].pending
    asked = chat.presses("p1", approve)
    assert asked.form is not None
    assert asked.form.fields[0].sensitive
    assert set(chat.fills("p1", asked.form.token, pin="000000").errors) == {"pin"}
    assert chat.fills("p1", asked.form.token, pin="271828").ok
    assert [one.by for one in chat.incident(name).approvals[1].signed][-1] == "p1"


def test_a_file_keeps_the_hour_that_was_given_and_is_not_lost_for_one_that_cannot_be_read(
    chat: Chat, tmp_path: Path
) -> None:
    name = chat.declares()
    chat.clock.at += HOUR

    def brings(when: str) -> e.Entry:
        path = tmp_path / "releve"
        path.write_bytes(when.encode())
        file = Attachment(name="releve.txt", size=5, media="text/plain", path=str(path))
        answer = chat.run(chat.room.bring(chat.alone("p4"), chat.at("evidence", name), file, "vu", when))
        assert answer.ok
        assert (len(answer.lines) == 1) is (when == "03:10")
        return chat.last(name, e.EvidenceAdded)

    told = brings("03:10")
    assert told.occurred_at < told.at == chat.clock.at
    unread = brings("tantôt")
    assert unread.occurred_at == chat.clock.at
    assert isinstance(unread.event, e.EvidenceAdded)
    assert unread.event.text == "vu — tantôt"


def test_half_a_signature_is_told_and_one_that_no_longer_counts_calls_people(chat: Chat) -> None:
    name = asks_with_pin(chat)
    requester = chat.incident(name).approvals[1].requested.by
    assert chat.says("p3", "canal slack suspect : vol").ok
    chat.presses("p1", chat.vote(name, 1, "approve"))
    assert chat.says("p3", "canal telegram suspect : vol aussi").ok
    rules = {type(one.event): buzz(one, chat.scene(name)) for one in chat.home.journal.reader.entries(name)}
    directing = directors(chat.incident(name), chat.home.world.directory)
    doubted = rules[e.ApprovalDoubted]
    assert doubted.group == QUIET
    assert doubted.people[:2] == (requester, "p1")
    assert set(doubted.people) == {requester, "p1", *directing} - {"p3"}
    assert rules[e.ApprovalStarted] == Buzz(group=QUIET)


def test_whoever_guesses_a_pin_rests_even_when_all_tries_come_at_once(chat: Chat) -> None:
    name = asks_with_pin(chat)
    approve = chat.vote(name, 1, "approve")

    async def guess() -> list[Answer]:
        tries = (chat.room.filled(chat.alone("p1"), approve, {"pin": f"00000{n}"}) for n in range(8))
        return list(await asyncio.gather(*tries))

    told = [one.errors["pin"] for one in chat.run(guess())]
    assert [text.startswith("Trop d'essais") for text in told] == [False] * MOST + [True] * 3
    assert "Trop d'essais" in chat.fills("p1", approve, pin="271828").errors["pin"]
    chat.clock.at += REST
    assert not chat.fills("p1", approve, pin="271828").errors


def test_wrong_codes_are_slowed_down_and_leave_no_trace(chat: Chat) -> None:
    stranger = Caller(
        account=Account(surface="telegram", id="999"),
        place=Place(surface="telegram", chat="999", person=""),
        key="a",
    )

    def tries(key: str, code: str) -> Answer:
        return chat.run(chat.room.say(replace(stranger, key=key), f"enroler {code}"))

    chat.invites("p2", "MMMMNNNNPPPP")
    before = chat.home.desk.incident(HOUSE)
    told = [text_of(tries(f"w{n}", "AAAA-AAAA-AAA2")) for n in range(MOST)]
    assert all(text.startswith("Ce code n'est pas reconnu") for text in told)
    assert text_of(tries("early", "MMMM-NNNN-PPPP")).startswith("Trop d'essais"), "even the right one waits"
    assert chat.home.desk.incident(HOUSE) == before
    assert chat.room.rests(stranger)
    assert text_of(chat.run(chat.room.say(replace(stranger, key="link"), "/start AAAAAAAAAAA2"))).startswith(
        "Trop"
    )
    keys = ("early", "link", *(f"w{n}" for n in range(MOST)))
    assert [chat.home.journal.receipt(f"{key}/0") for key in keys] == [None] * len(keys)
    chat.clock.at += REST
    assert tries("late", "MMMM-NNNN-PPPP").ok


def test_a_code_that_is_delivered_again_is_answered_as_the_first_time(chat: Chat) -> None:
    chat.invites("p2", "MMMMNNNNPPPP")
    first = chat.says("p2", "enroler MMMM-NNNN-PPPP", key="once")
    assert first.ok
    assert chat.says("p2", "enroler MMMM-NNNN-PPPP", key="once") == first


def test_an_exercise_says_so_first(chat: Chat) -> None:
    name = chat.declares(exercise=True)
    assert text_of(chat.presses("p4", chat.token(name, "debranche"))).startswith("[EXERCICE]")
    form = chat.presses("p4", chat.token(name, "sans_chiffrement")).form
    assert form is not None
    assert form.note[0].kind == "exercise"


def test_a_group_is_tied_from_inside_it(chat: Chat) -> None:
    place = Place(surface="slack", chat="C77")
    assert chat.run(chat.room.say(chat.among("p3", place), "/ici exercice")).ok
    assert chat.home.house.group("slack", "exercise") == ("C77", "")
    assert not chat.says("p3", "ici").ok
    assert not chat.run(chat.room.say(chat.among("p3", place), "ici bibelot")).ok


def test_a_journal_that_cannot_be_written_is_said_in_words(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full: the error is the journal's own, raised where it raises it."""
    name = chat.declares()
    token = chat.token(name, "debranche")

    def full(*_: object) -> None:
        raise JournalUnavailable("full")

    monkeypatch.setattr(chat.home.journal, "commit", full)
    answer = chat.presses("p4", token)
    assert not answer.ok
    assert "disque" in text_of(answer).lower() or "plein" in text_of(answer).lower()
    monkeypatch.undo()
    assert chat.step(name).cursor.step == "reflexe"
    assert chat.presses("p4", token).ok


def test_choices_are_filtered_as_they_are_typed(chat: Chat) -> None:
    name = chat.declares()
    found = chat.room.options(chat.alone("p4"), chat.of("handover", name), "to", "nad")
    assert found == (("p3", "Nadia Benslimane"),)
    assert chat.room.options(chat.alone("p4"), DECLARE, "runbook", "ranç")[0][0] == "rancongiciel"


def test_an_exercise_stays_out_of_the_real_thing(chat: Chat) -> None:
    """An exercise's button does nothing to the real incident."""
    real, drill = chat.declares(), chat.declares(exercise=True)
    before = len(chat.events(real))
    assert chat.presses("p4", chat.token(drill, "debranche")).ok
    assert len(chat.events(real)) == before
    assert isinstance(chat.last(drill, e.OutcomePicked).event, e.OutcomePicked)


def test_a_text_is_read_before_it_is_marked_sent(chat: Chat) -> None:
    name = chat.declares()
    chat.says("p4", "valider visible")
    form = chat.presses("p1", chat.at("sent", name, "communication")).form
    assert form is not None
    assert (form.title, form.submit) == ("Texte à copier", "Marquer envoyé")
    assert [one.kind for one in form.note][:2] == ["label", "quote"]
    assert chat.fills("p1", form.token).ok
    sent = chat.last(name, e.MessageSent).event
    assert isinstance(sent, e.MessageSent)
    assert sent.text.splitlines()[0] == form.note[1].text


def test_a_role_is_given_by_a_form_and_the_steps_are_shown_by_a_press(chat: Chat) -> None:
    name = chat.declares()
    form = chat.presses("p1", chat.of("role", name)).form
    assert form is not None
    assert [one.name for one in form.fields] == ["role", "who"]
    role = next(value for value, _ in form.fields[0].choices if value != "directeur_crise")
    assert chat.fills("p1", form.token, role=role, who="p5").ok
    assert chat.incident(name).roles[role] == "p5"
    steps = chat.presses("p1", chat.of("steps", name)).content
    assert steps is not None
    opened = chat.presses("p1", steps.buttons[0][0].token).content
    assert opened is not None
    assert next(chat.scene(name).places()).step.title in opened.title
    assert chat.presses("p1", chat.of("rollcall", name)).ok
    stand_in = chat.presses("p4", chat.of("role", name)).form
    assert stand_in is not None


def test_in_the_group_a_line_declares_at_once_and_since_when_is_one_press_after_it(chat: Chat) -> None:
    declared = chat.run(chat.room.say(chat.among("p4"), "/declarer rancongiciel"))
    shown = declared.content
    assert shown is not None
    assert declared.public
    (incident,) = chat.home.desk.incidents()
    labels = {one.label: one.token for row in shown.buttons for one in row}
    assert list(labels) == ["À l'instant", "Il y a 1 h", "Une autre heure…", "Je ne sais pas"]
    told = chat.run(chat.room.press(chat.among("p1"), labels["Il y a 1 h"]))
    assert told.ok, told
    assert chat.incident(incident.id).runs[1].t0 == chat.clock.at - HOUR
    assert chat.run(chat.room.press(chat.among("p1"), labels["À l'instant"])).ok
    assert chat.incident(incident.id).runs[1].t0 == chat.clock.at
    assert chat.presses("p4", labels["Je ne sais pas"]).ok
    assert "pas connue" in chat.last(incident.id, e.NoteTaken).event.text  # type: ignore[attr-defined]
    asked = chat.presses("p4", labels["Une autre heure…"])
    assert asked.form is not None
    assert set(chat.fills("p4", asked.form.token, since="jadis").errors) == {"since"}
    assert chat.fills("p4", asked.form.token, since="02:30").ok
    assert chat.incident(incident.id).runs[1].t0 == chat.clock.at - 32 * MINUTE


def test_an_old_press_moves_no_legal_delay_but_asks_for_the_hour(chat: Chat) -> None:
    name = chat.declares()
    chat.clock.at += 2 * DAY
    for value in (1, 2):
        answer = chat.presses("p5", chat.of("since", name, value=value))
        assert answer.form is not None
        assert [one.name for one in answer.form.fields] == ["since"]
    assert not any(isinstance(one, e.T0Corrected) for one in chat.events(name))


def test_since_when_is_not_asked_of_who_has_said_it(chat: Chat) -> None:
    said = chat.run(chat.room.say(chat.among("p4"), "/declarer rancongiciel @02:30"))
    assert said.content is None
    assert chat.fills("p4", DECLARE, runbook="rancongiciel", kind="real").content is None
