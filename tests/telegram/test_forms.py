"""Questions one at a time: facts by buttons, boxes, what is sensitive, what could not be read."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from telegram import InlineKeyboardMarkup, Message

from bots.chat.values import Field, Form
from bots.lines import Line
from bots.telegram.choosing import Reader, help_of, markup
from bots.telegram.draft import Draft, read_draft
from bots.telegram.render import LONGEST, units
from engine.core import events as e
from engine.core.world import Calendar
from engine.i18n import Words
from tests.bots.valmont import NIGHT
from tests.servers.telegram.text import parse
from tests.servers.telegram.world import Message as Shown
from tests.telegram.test_incident import card
from tests.telegram.valley import PEOPLE, Valley, played, valley

P4 = PEOPLE["p4"]


class TestDraft:
    """A draft reads back from its own message, whatever was answered."""

    form: ClassVar = Form(
        token="fact-INC-2026-001-1_abcde",
        title="Répondre <ici>",
        submit="Enregistrer",
        fields=(
            Field(
                name="fact:etendue",
                label="Étendue",
                kind="choice",
                choices=(("a", "Un poste"), ("b", "Tout")),
            ),
            Field(name="reason", label="Motif", kind="long"),
            Field(name="secret", label="Demande", kind="text", sensitive=True),
            Field(name="when", label="Quand", optional=True),
        ),
    )

    def sent(self, draft: Draft) -> Message:
        words = Words("fr")
        parsed = parse(draft.html(words, "valmont_bot", help_of(draft, words)), "HTML")
        data = {"message_id": 1, "date": 1, "chat": {"id": 104, "type": "private"}, "text": parsed.text}
        return Message.de_json(data | {"entities": parsed.entities}, None)

    def test_it_survives_the_message(self) -> None:
        draft = Draft(form=self.form).onward()
        for value in ("b", "motif & <b>gras</b> @toto\nsur deux lignes 🚨", "mot de passe"):
            draft = draft.answered(value)
            token, read = read_draft(self.sent(draft), self.form)
            assert token == self.form.token
            assert read is not None
            assert (read.values, read.asked) == (draft.values, draft.asked)
        assert draft.asked == "when"
        assert draft.enough

    def test_what_is_sensitive_stands_behind_a_spoiler(self) -> None:
        draft = Draft(form=self.form, values={"secret": "azerty"}, asked="when")
        kinds = [one.type for one in self.sent(draft).entities]
        assert "spoiler" in kinds
        assert "code" not in kinds

    def test_a_long_answer_is_asked_again_rather_than_cut(self) -> None:
        draft = Draft(form=self.form, values={"fact:etendue": "a", "reason": "x" * 4000}, asked="secret")
        _, read = read_draft(self.sent(draft), self.form)
        assert read is not None
        assert "reason" not in read.values

    def test_whatever_was_answered_and_is_to_be_read_first_it_fits_in_a_message(self) -> None:
        fields = tuple(
            Field(name=f"f{number}", label=f"Question {number}", kind="long") for number in range(9)
        )
        note = tuple(Line(kind="quote", text="état de la situation " * 15) for _ in range(20))
        form = Form(token="note_abcde", title="T", submit="ok", fields=fields, note=note)
        draft = Draft(form=form).onward()
        for value in (
            "🚨" * 600,
            "y" * 1200,
            "z" * 299,
            "&<>" * 400,
            "x" * 3000,
            "a",
            "b" * 1190,
            "c" * 1190,
        ):
            shown = self.sent(draft).text or ""
            assert units(shown) <= LONGEST
            assert f"Question {draft.asked[1:]}" in shown
            draft = draft.answered(value)
        _, read = read_draft(self.sent(draft), draft.form)
        assert read is not None
        assert all(draft.values[name] == value for name, value in read.values.items())

    def test_a_question_that_was_passed_stays_passed(self) -> None:
        form = Form(
            token="note_abcde",
            title="x",
            submit="ok",
            fields=(Field(name="a", label="A", optional=True), Field(name="b", label="B")),
        )
        draft = Draft(form=form).onward().without()
        assert draft.asked == "b"
        _, read = read_draft(self.sent(draft), form)
        assert read is not None
        assert read.answered("x").asked == ""

    def test_every_question_of_several_says_that_nothing_is_recorded_yet(self) -> None:
        draft, unsaved = Draft(form=self.form).onward(), "Pas encore enregistré"
        for value in ("b", "motif", "mot de passe"):
            assert unsaved in (self.sent(draft).text or "")
            draft = draft.answered(value)
        assert draft.settled  # the hour, which may be left, is not asked
        alone = Form(
            token="t", title="x", submit="ok", fields=(Field(name="a", label="A"), self.form.fields[-1])
        )
        assert unsaved not in (self.sent(Draft(form=alone).onward()).text or "")

    def test_what_is_to_be_read_first_is_shown_whatever_was_known_already(self) -> None:
        fields = (
            Field(name="line", label="Ligne", value="clore"),
            Field(name="reason", label="Pourquoi", kind="long"),
            Field(name="confirm", label="Oui", kind="yes"),
        )
        note = (Line(kind="hand", text="Restera ouvert : rançongiciel"),)
        first = Draft(form=Form(token="t", title="x", submit="ok", fields=fields, note=note)).onward()
        assert first.asked == "reason"
        assert "Restera ouvert" in (self.sent(first).text or "")
        _, read = read_draft(self.sent(first), first.form)
        assert read is not None
        assert (read.values, read.asked) == ({"line": "clore"}, "reason")

    def test_a_lone_question_that_may_be_left_is_given_back_by_its_own_word(self) -> None:
        field = Field(name="text", label="Le texte envoyé", kind="long", optional=True)
        form = Form(token="t", title="Texte à copier", submit="Marquer envoyé", fields=(field,))
        reader = Reader(words=Words("fr"), now=NIGHT, calendar=Calendar())
        shown = markup(Draft(form=form).onward(), reader, frozenset())
        assert isinstance(shown, InlineKeyboardMarkup)
        assert [one.text for row in shown.inline_keyboard for one in row] == ["Marquer envoyé", "Annuler"]

    def test_another_message_is_no_draft(self) -> None:
        data = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "bonjour"}
        assert read_draft(Message.de_json(data, None)) == ("", None)

    def test_days_are_keys_and_a_yes_is_one(self) -> None:
        form = Form(token="t", title="x", submit="ok", fields=(Field(name="d", label="Jour", kind="date"),))
        shown = markup(
            Draft(form=form, asked="d"),
            Reader(words=Words("fr"), now=NIGHT, calendar=Calendar()),
            frozenset(),
        )
        assert [one.text for one in shown.inline_keyboard[0]] == ["Aujourd'hui", "Hier", "Avant-hier"]


@played
async def test_a_step_is_worked_from_its_card_to_its_outcome(tmp_path: Path) -> None:
    """Facts by keys, boxes, then an outcome that asks why and whether it is sure."""
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        await pressed(town, "Machines débranchées")
        await pressed(town, "C : Oui")
        await town.until(lambda: "FactSet" in town.kinds(incident))
        await pressed(town, "Confirmé")
        await pressed(town, "☐ 2")
        asked = await pressed(town, "Propagation stoppée", asks=True)
        assert "VPN coupés" not in asked.text  # it is ticked
        assert "Internet coupé" in asked.text
        sure = await town.says("p4", P4, "les accès sont gérés par l'agglomération", reply_to=asked.id)
        before = town.now()
        await town.telegram.press(P4, P4, sure.id, "Oui")
        told = await town.next_after(before)
        assert "✓" in told.text or "n°" in told.text
        picked = [one.event for one in town.entries(incident) if isinstance(one.event, e.OutcomePicked)]
        assert picked[-1].reason == "les accès sont gérés par l'agglomération"
        # What was asked is gone, or says what came of it: no answer is left in the chat.
        assert "l'agglomération" not in town.telegram.chat(P4).messages.get(sure.id, told).text.split("\n")[0]


@played
async def test_questions_are_asked_one_at_a_time_and_boxes_together(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        await pressed(town, "Machines débranchées")
        asked = await pressed(town, "Répondre", asks=True)
        seen = []
        while "FactSet" not in town.kinds(incident):
            seen.append(asked.text)
            before = town.now()
            if asked.labels:
                await town.telegram.press(P4, P4, asked.id, asked.labels[0])
            else:
                town.telegram.send(P4, P4, "3", reply_to=asked.id)
            asked = await town.next_after(before | town.now_by(P4))
        assert len(seen) == len(set(seen)) > 1


@played
async def test_an_answer_that_cannot_be_read_is_asked_again(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        asked = await pressed(town, "Bloqué", asks=True)
        again = await town.says("p4", P4, "…", reply_to=asked.id)
        assert again.markup.get("force_reply")
        assert "✗" in again.text
        await town.says("p4", P4, "la porte est fermée")  # without a reply: the question that stands
        await town.until(lambda: "StepBlocked" in town.kinds(incident))


@played
async def test_a_command_or_a_file_is_no_answer_to_a_question_of_words(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        asked = await pressed(town, "Bloqué", asks=True)
        assert "Geste réflexe" in (await town.says("p4", P4, "moi")).text
        before = town.now()
        town.telegram.send_file(P4, P4, "journal.log", b"x")
        await town.next_after(before | town.now_by(P4))
        assert "EvidenceAdded" in town.kinds(incident)
        assert asked.id in town.telegram.chat(P4).messages
        await town.says("p4", P4, "la porte est fermée")
        await town.until(lambda: "StepBlocked" in town.kinds(incident))


async def pressed(town: Valley, label: str, *, asks: bool = False) -> Shown:
    """Press a key of the card as it stands now; the card, or what the bot then asks."""
    shown = await card(town, "p4")
    before = town.now()
    await town.telegram.press(P4, P4, shown.id, label)
    if asks:
        return await town.next_after(before)
    await town.idle()
    return shown


@played
async def test_a_decision_is_recorded_with_its_one_message(tmp_path: Path) -> None:
    """Nobody who has typed it waits for one more question; the hour is at its end, if it was earlier."""
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        asked = await pressed(town, "Noter", asks=True)
        assert "02:50" in asked.text
        await town.says("p4", P4, "le maire est prévenu")
        await town.until(lambda: "NoteTaken" in town.kinds(incident))
        assert (
            asked.id not in town.telegram.chat(P4).messages
            or not town.telegram.chat(P4).messages[asked.id].markup
        )
