"""Where an incident is spoken of, and what Telegram offers while one types."""

from __future__ import annotations

from pathlib import Path

from tests.telegram.valley import GROUP, played, valley

FORUM, EXERCISES = -1_000_000_007_001, -1_000_000_007_002


@played
async def test_each_incident_has_a_topic_of_its_own_in_a_forum(tmp_path: Path) -> None:
    async with valley(tmp_path) as town:
        forum = town.telegram.group(FORUM, "Cellule", 101, forum=True, rights="can_manage_topics")
        await town.bound(FORUM)
        first, second = await town.declared(), await town.declared()
        await town.until(lambda: town.home.house.place(second, "telegram"))
        topics = [town.home.house.place(one, "telegram") for one in (first, second)]
        assert len(set(topics)) == 2
        assert [name.split(" ")[0] for name in forum.topics.values()] == [first, second]
        for incident, topic in zip((first, second), topics, strict=True):
            assert topic is not None
            assert town.home.house.incident_at("telegram", *topic) == incident


@played
async def test_an_exercise_never_speaks_in_the_crisis_group(tmp_path: Path) -> None:
    async with valley(tmp_path) as town:
        await town.bound()
        exercise = await town.declared(exercise=True)
        real = await town.declared()
        await town.until(lambda: town.home.house.place(real, "telegram"))
        assert town.home.house.place(exercise, "telegram") is None
        town.telegram.group(EXERCISES, "Exercices", 101, forum=True, rights="can_manage_topics")
        await town.bound(EXERCISES, "exercise")
        await town.until(lambda: town.home.house.place(exercise, "telegram"))
        chat, thread = town.home.house.place(exercise, "telegram") or ("", "")
        assert chat == str(EXERCISES)
        assert town.telegram.chat(EXERCISES).topics[int(thread)].startswith("[EXERCICE]")


@played
async def test_without_topics_or_the_right_to_make_them_the_group_itself_serves(tmp_path: Path) -> None:
    async with valley(tmp_path) as town:
        town.telegram.group(FORUM, "Cellule", 101, forum=True)
        await town.bound(FORUM)
        incident = await town.declared()
        await town.until(lambda: town.home.house.place(incident, "telegram"))
        assert town.home.house.place(incident, "telegram") == (str(FORUM), "")


@played
async def test_the_groups_of_the_configuration_serve_until_another_is_bound(tmp_path: Path) -> None:
    async with valley(tmp_path, opens=False) as town:
        path = town.home.path / "tocsin.toml"
        path.write_text(f"{path.read_text('utf-8')}\n[telegram]\ncrisis_group = {GROUP}\n", "utf-8")
        town.home.reload()
        await town.opens()
        incident = await town.declared()
        await town.until(lambda: town.home.house.place(incident, "telegram"))
        assert town.home.house.place(incident, "telegram") == (str(GROUP), "")


@played
async def test_the_commands_are_offered_by_place_and_language(tmp_path: Path) -> None:
    async with valley(tmp_path) as town:
        offered = town.telegram.methods.commands
        await town.until(lambda: len(offered) == 6)
        french = [one["command"] for one in offered["all_private_chats", "fr"]]
        english = [one["command"] for one in offered["all_private_chats", "en"]]
        assert {"moi", "preuve", "annuler"} <= set(french)
        assert {"me", "evidence", "cancel"} <= set(english)
        assert offered["all_private_chats", ""] == offered["all_private_chats", "fr"]
        assert "ici" in [one["command"] for one in offered["all_group_chats", ""]]
        assert town.home.house.bots["telegram"] == "valmont_bot"
