"""A quiet week of the town: is everybody still reachable, and a question of the quiz; a crisis silences both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bots.answering.office import Office
from bots.serving.rounds import make_a_round
from engine.continuity.calendar import LESSON
from engine.core import commands as c
from engine.core import events as e
from engine.core.house import HOUSE
from engine.core.quantities import DAY, HOUR, Instant
from engine.home.duties import duties_of
from engine.timers import SystemClock
from tests.chat.rooms import Still
from tests.serving.playing import PEOPLE, Hall, hall, played

MAYOR, CIO = PEOPLE["p1"], PEOPLE["p4"]


@dataclass
class Days:
    """Working days of the town, from now on."""

    town: Hall

    def after(self, days: int, hour: int = 10) -> Instant:
        """That hour of the first working day after so many days."""
        calendar, at = self.town.home.world.calendar, SystemClock().now() + days * DAY
        at += (hour - calendar.local(at).hour) * HOUR
        while not calendar.is_office_hour(at + (10 - hour) * HOUR):
            at += DAY
        return at

    async def round(self, at: Instant) -> None:
        office = self.town.served.office
        await make_a_round(Office(office.home, office.words, Still(at)), self.town.served.relay)

    def shown(self, person: int, words: str) -> int:
        return sum(words in one.text for one in self.town.telegram.shown(person))


@played
async def test_each_quarter_everybody_is_asked_once_and_a_press_is_enough(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        days = Days(town)
        quarter = days.after(93)
        await days.round(days.after(2))
        assert days.shown(MAYOR, "coordonnées") == 0
        await days.round(days.after(93, hour=22))
        assert days.shown(MAYOR, "coordonnées") == 0, "nobody is asked at night"
        for _ in range(2):
            await days.round(quarter)
        assert (days.shown(MAYOR, "coordonnées"), days.shown(CIO, "coordonnées")) == (1, 1)
        card = next(one for one in town.telegram.shown(MAYOR) if "coordonnées" in one.text)
        pressed = await town.telegram.press(MAYOR, MAYOR, card.id, "Oui, toujours joignable")
        assert "joignable" in pressed.text
        assert set(town.home.house.staff.confirmed) == {"p1"}


@played
async def test_a_question_a_week_answered_with_one_press(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        days = Days(town)
        for hour in (9, 11, 16):
            await days.round(days.after(1, hour))
        assert days.shown(CIO, "Question de la semaine") == 1
        card = next(one for one in town.telegram.shown(CIO) if "Question" in one.text)
        await town.telegram.press(CIO, CIO, card.id, "B")
        await town.until(lambda: days.shown(CIO, "sans votre nom") == 1)
        assert town.home.awareness.coverage(SystemClock().now())["p4"] == 1
        await days.round(days.after(8))
        assert days.shown(CIO, "Question de la semaine") == 2


@played
async def test_what_a_closed_crisis_teaches_is_taken_or_refused_by_whoever_it_belongs_to(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path) as town:
        days, now = Days(town), SystemClock().now()
        declare = c.Declare(title="Écrans chiffrés", known_at=now - 9 * HOUR, runbook="rancongiciel")
        incident = (await town.order(declare, incident="")).incident
        for status, at in (("interrupted", now - 9 * HOUR), ("restored", now)):
            change = c.ChangeActivity(activity="standard", status=status)
            await town.order(change, incident=incident, occurred_at=at)
        await town.order(c.Deviate(text="Le disjoncteur a été coupé"), incident=incident)
        await town.order(c.CloseIncident(reason="essai", confirm=True), incident=incident)
        await days.round(days.after(1))
        await days.round(days.after(2))
        (card,) = [one for one in town.telegram.shown(MAYOR) if "Proposition" in one.text]
        assert "Standard" in card.text
        assert "2 h visées" in card.text
        taken = await town.telegram.press(MAYOR, MAYOR, card.id, "Je m'en charge (1 mois)")
        assert "prise" in taken.text
        _, duties = duties_of(town.home, days.after(1))
        assert any(one.kind == LESSON and "Standard" in one.title for one in duties)
        await days.round(days.after(9))
        card = [one for one in town.telegram.shown(MAYOR) if "Proposition" in one.text][-1]
        assert "disjoncteur" in card.text
        await town.telegram.press(MAYOR, MAYOR, card.id, "Je m'en charge (1 mois)")
        book = [one.event for one in town.home.journal.reader.entries(HOUSE)]
        assert sum(isinstance(one, e.LessonJudged) for one in book) == 2
        assert "disjoncteur" not in str(book), "what is erased in the incident is nowhere else"


@played
async def test_while_a_crisis_is_open_nobody_is_asked_anything(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        declare = c.Declare(title="Écrans chiffrés", known_at=SystemClock().now(), runbook="rancongiciel")
        await town.order(declare, incident="")
        await Days(town).round(Days(town).after(93))
        assert Days(town).shown(MAYOR, "coordonnées") == Days(town).shown(MAYOR, "Question") == 0
