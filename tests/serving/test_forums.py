"""The crisis group and the exercise group are forums: each incident speaks in a topic of its own, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from engine.core.house.commands import BindGroup
from engine.core.incident import Incident
from engine.core.quantities import HOUR
from tests.serving.playing import GROUP, PEOPLE, Hall, hall, played

CRISIS, DRILLS = -1_000_000_007_001, -1_000_000_007_002
DSI = PEOPLE["p4"]
RIGHTS = "can_manage_topics can_pin_messages"


def topic(town: Hall, incident: Incident) -> tuple[int, int]:
    chat, thread = town.home.house.place(incident.id, "telegram") or ("0", "0")
    return int(chat), int(thread or 0)


def told(town: Hall, incident: Incident) -> str:
    chat, thread = topic(town, incident)
    return "\n".join(one.text for one in town.telegram.chat(chat).shown(thread))


async def declared(town: Hall, group: int, words: str) -> Incident:
    """Declare with a line typed in a group; the incident, once its topic has its overview."""
    known = {one.id for one in town.home.desk.incidents()}
    town.telegram.send(DSI, group, f"/declarer@valmont_bot {words} !")
    await town.until(lambda: any(one.id not in known for one in town.home.desk.incidents()))
    (made,) = (one for one in town.home.desk.incidents() if one.id not in known)
    await town.until(lambda: topic(town, made)[1] and made.title in told(town, made))
    return made


@played
async def test_two_incidents_and_an_exercise_never_hear_of_each_other(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        telegram = town.telegram
        for number, title, purpose in ((CRISIS, "Cellule", "crisis"), (DRILLS, "Exercices", "exercise")):
            telegram.group(number, title, *PEOPLE.values(), forum=True, rights=RIGHTS)
            await town.order(BindGroup(surface="telegram", purpose=purpose, chat=str(number)))
        attack = await declared(town, CRISIS, "rancongiciel Écrans chiffrés")
        drill = await declared(town, DRILLS, "rancongiciel Écrans joués")
        flood = await declared(town, CRISIS, "rancongiciel Deuxième attaque")
        assert (attack.exercise, drill.exercise, flood.exercise) == (False, True, False)
        assert [topic(town, one)[0] for one in (attack, drill, flood)] == [CRISIS, DRILLS, CRISIS]
        assert len({topic(town, one) for one in (attack, drill, flood)}) == 3

        for one, words in ((attack, "vu dans la vraie"), (drill, "vu en exercice"), (flood, "vu deux fois")):
            chat, thread = topic(town, one)
            telegram.send(DSI, chat, f"/note@valmont_bot {words}", thread=thread)
            await town.until(lambda one=one, words=words: f"· {words}" in told(town, one))  # type: ignore[misc]
        assert "exercice" not in told(town, attack) + told(town, flood)
        assert "vraie" not in told(town, drill) + told(town, flood)

        chat, thread = topic(town, drill)
        card = next(one for one in telegram.chat(chat).shown(thread) if "Où en suis-je ?" in one.labels)
        assert card.text.startswith("[EXERCICE]")
        await town.until(lambda: card.id in telegram.chat(chat).pinned)
        opened = await telegram.press(DSI, chat, card.id, "Noter")
        telegram.follow(DSI, opened.url)
        await town.until(lambda: "[EXERCICE]" in telegram.last(DSI).text)
        telegram.send(DSI, DSI, "par le bouton de l'exercice", reply_to=telegram.last(DSI).id)
        await town.until(lambda: "par le bouton de l'exercice" in told(town, drill))
        assert "bouton" not in told(town, attack) + told(town, flood)

        # Typed beside the topics, between two real incidents: it is asked which; the exercise is none of them.
        telegram.send(DSI, CRISIS, "/note@valmont_bot en dehors des sujets")
        await town.until(lambda: any(flood.id in label for label in telegram.last(DSI).labels))
        assert not any(drill.id in label for label in telegram.last(DSI).labels)
        await telegram.press(DSI, DSI, telegram.last(DSI).id, flood.id)
        await town.until(lambda: "· en dehors des sujets" in told(town, flood))
        assert "sujets" not in told(town, attack) + told(town, drill)


@played
async def test_since_when_is_one_press_in_the_group_and_the_question_goes_with_it(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        telegram = town.telegram
        telegram.send(DSI, GROUP, "/declarer@valmont_bot rancongiciel")
        await town.until(lambda: any("Il y a 1 h" in one.labels for one in telegram.shown(GROUP)))
        asked = next(one for one in telegram.shown(GROUP) if "Il y a 1 h" in one.labels)
        told = await telegram.press(PEOPLE["p1"], GROUP, asked.id, "Il y a 1 h")
        assert not told.alert, told
        (incident,) = town.home.desk.incidents()
        assert incident.runs[1].t0 == incident.declared_at - HOUR
        await town.until(lambda: asked.id not in telegram.chat(GROUP).messages)
        await town.until(town.served.relay.converged)
