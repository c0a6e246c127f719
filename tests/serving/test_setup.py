"""`tocsin setup` at a real terminal, with people who hold phones on both platforms."""

from __future__ import annotations

import asyncio
import functools
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from engine.core.house import House
from engine.core.incident import Incident
from engine.home import Home
from tests.console.test_terminal import Terminal, at_terminal
from tests.console.town import Town, new_town
from tests.servers.slack import Slack
from tests.servers.telegram.server import Telegram

pytest.importorskip("pty")

MAYOR, DGS = 101, 103
CRISIS, EXERCISES = -5001, -5002


def played(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    @functools.wraps(test)
    def play(*given: Any, **named: Any) -> None:
        asyncio.run(asyncio.wait_for(test(*given, **named), 90))

    return play


@dataclass
class Phone:
    """The terminal, read beside the loop that plays the platforms."""

    terminal: Terminal

    async def shows(self, words: str) -> str:
        return await asyncio.to_thread(self.terminal.shows, words)

    async def asked(self, words: str, answer: str) -> str:
        """Wait for a question, and answer it."""
        shown = await self.shows(words)
        self.terminal.types(answer)
        return shown

    async def ends(self) -> int:
        return await asyncio.to_thread(self.terminal.ends)


@dataclass
class Place:
    town: Town
    telegram: Telegram
    slack: Slack

    @contextmanager
    def setup(self, *words: str) -> Iterator[Phone]:
        with at_terminal(self.town, "setup", *words) as terminal:
            yield Phone(terminal)

    @property
    def house(self) -> House:
        with Home(self.town.path, reading=True) as home:
            return home.house

    @property
    def incidents(self) -> list[Incident]:
        with Home(self.town.path, reading=True) as home:
            return list(home.desk.incidents())

    def secrets(self, *more: str) -> None:
        """Where the two platforms are; the tokens are typed."""
        path = self.town.path / "secrets.env"
        told = (
            f"TOCSIN_TELEGRAM_API_URL={self.telegram.url}",
            f"TOCSIN_SLACK_API_URL={self.slack.url}/api/",
            *more,
        )
        path.write_text("\n".join(told) + "\n")
        path.chmod(0o600)

    async def enrolls_on_telegram(self, phone: Phone, number: int) -> None:
        """Scan the code, press Start, say yes."""
        shown = await phone.shows("J'attends votre compte")
        url = shown.partition("https://t.me/")[2].split()[0].rstrip(" ()")
        before = len(self.telegram.shown(number))
        self.telegram.follow(number, f"https://t.me/{url}")
        assert await self.telegram.until(lambda: len(self.telegram.shown(number)) > before + 1)
        asked = self.telegram.last(number)
        await self.telegram.press(number, number, asked.id, "Oui")


@asynccontextmanager
async def place(folder: Path) -> AsyncIterator[Place]:
    async with Telegram() as telegram, Slack() as slack:
        telegram.delivery.patience = 0.5
        telegram.person(MAYOR, "Mairesse")
        telegram.person(DGS, "DGS", started=True)
        telegram.group(CRISIS, "Cellule de crise", MAYOR, DGS)
        telegram.group(EXERCISES, "Exercices", MAYOR, DGS)
        slack.workspace.person("U0MAYOR", "Mairesse")
        slack.workspace.make("general", "U0MAYOR")
        found = Place(new_town(folder), telegram, slack)
        found.secrets()
        yield found


@played
async def test_telegram_from_a_token_to_a_trial_alert(tmp_path: Path) -> None:
    async with place(tmp_path) as town:
        telegram = town.telegram
        with town.setup() as phone:
            await phone.asked("Installer le robot Telegram ?", "oui")
            await phone.asked("TOCSIN_TELEGRAM_TOKEN", "pas un jeton")
            await phone.shows("il ressemble à")
            await phone.asked("TOCSIN_TELEGRAM_TOKEN", "777777:another-bot-of-nobody")
            await phone.shows("refuse le jeton")
            await phone.asked("En taper un autre ?", "")
            await phone.asked("TOCSIN_TELEGRAM_TOKEN", telegram.token)
            await phone.shows("reconnaît le robot : @valmont_bot")
            await phone.asked("Installer l'application Slack ?", "non")
            await phone.shows("Telegram : connecté")

            await phone.asked("Votre numéro", "personne de ce nom")
            await phone.asked("Votre numéro", "1")
            await town.enrolls_on_telegram(phone, MAYOR)
            await phone.shows("compte relié (")

            await phone.shows("Le groupe de crise")
            await phone.shows("J'attends")
            telegram.add(MAYOR, EXERCISES)  # the wrong one first
            await phone.asked("Je vois « Exercices »", "n")
            await phone.shows("J'attends")
            telegram.promote(MAYOR, CRISIS, "can_pin_messages")
            await phone.asked("Je vois « Cellule de crise »", "o")
            await phone.shows("groupe de crise rattaché")

            await phone.shows("Le groupe des exercices")
            telegram.send(MAYOR, EXERCISES, "/ici exercice")
            await phone.shows("groupe des exercices rattaché")

            await phone.asked("Relier maintenant", "n")
            await phone.asked("Maintenant ?", "n")
            await phone.shows("C'est prêt")
            assert await phone.ends() == 0
            seen = phone.terminal.seen
        assert telegram.token.encode() not in seen
        assert town.house.person("telegram", str(MAYOR)) == "p1"
        assert town.house.group("telegram", "crisis") == (str(CRISIS), "")
        assert town.house.group("telegram", "exercise") == (str(EXERCISES), "")
        kept = town.town.path / "secrets.env"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert f"TOCSIN_TELEGRAM_TOKEN={telegram.token}" in kept.read_text()
        assert "another-bot" not in kept.read_text()

        # Again: nothing of what is done is asked; the trial rings, and shows who must be shown how.
        with town.setup("--as", "p1") as phone:
            await phone.shows("reconnaît le robot")
            await phone.asked("Installer l'application Slack ?", "n")
            await phone.shows("est déjà relié")
            await phone.shows("groupe de crise est déjà rattaché")
            await phone.shows("groupe des exercices est déjà rattaché")
            await phone.asked("Relier maintenant", "n")
            await phone.asked("Maintenant ?", "o")
            await phone.shows("l'essai ne prouve rien encore")
            await phone.shows("C'est prêt")
            assert await phone.ends() == 0
        (incident,) = town.incidents
        assert incident.exercise
        assert incident.status == "closed"
        assert any("[EXERCICE]" in one.text for one in telegram.shown(EXERCISES))
        assert not any(incident.id in one.text for one in telegram.shown(CRISIS))


@played
async def test_the_trial_shows_who_answers_and_who_must_be_shown_how(tmp_path: Path) -> None:
    async with place(tmp_path) as town:
        telegram = town.telegram
        town.secrets(f"TOCSIN_TELEGRAM_TOKEN={telegram.token}")
        telegram.promote(MAYOR, EXERCISES, "can_pin_messages")
        for person, number in (("1", MAYOR), ("3", DGS)):
            with town.setup() as phone:
                await phone.asked("Installer l'application Slack ?", "n")
                await phone.asked("Votre numéro", person)
                await town.enrolls_on_telegram(phone, number)
                await phone.asked("Le groupe de crise", "")
                await phone.shows("ATTENTION. Telegram n'a pas de groupe de crise")
                if number == MAYOR:
                    await phone.shows("Le groupe des exercices")
                    telegram.send(MAYOR, EXERCISES, "/ici exercice")
                    await phone.asked("Relier maintenant", "n")
                    await phone.asked("Maintenant ?", "n")
                else:
                    await phone.asked("Relier maintenant", "n")
                    await phone.asked("Maintenant ?", "o")
                    await phone.shows("appel lancé à")
                    assert await telegram.until(lambda: _roll(telegram, MAYOR), 20), [
                        (one.text, one.labels) for one in telegram.shown(MAYOR)
                    ]
                    asked = _roll(telegram, MAYOR)
                    await telegram.press(MAYOR, MAYOR, asked.id, asked.labels[0])
                    await phone.shows("a répondu en")
                    await phone.shows("Tout le monde a répondu.")
                    await phone.shows("est clos")
                assert await phone.ends() == 0
        with town.setup("--as", "p3") as phone:
            await phone.asked("Installer l'application Slack ?", "n")
            await phone.asked("Le groupe de crise", "")
            await phone.asked("Relier maintenant", "n")
            await phone.asked("Maintenant ?", "o")
            await phone.shows("appel lancé à")
            await phone.asked("J'attends les réponses", "")
            await phone.shows("montrez-leur comment faire : Hélène Castaing")
            await phone.shows("est clos")
            assert await phone.ends() == 0
        assert [one.exercise for one in town.incidents] == [True, True]
        assert [one.status for one in town.incidents] == ["closed", "closed"]


@played
async def test_the_others_who_are_here_are_tied_before_the_trial_calls_them(tmp_path: Path) -> None:
    async with place(tmp_path) as town:
        telegram = town.telegram
        town.secrets(f"TOCSIN_TELEGRAM_TOKEN={telegram.token}")
        with town.setup() as phone:
            await phone.asked("Installer l'application Slack ?", "n")
            listed = await phone.shows("Votre numéro")
            assert "Hélène Castaing (Direction de crise, Maire" in listed
            assert "directeur_crise" not in listed
            phone.terminal.types("3")
            await town.enrolls_on_telegram(phone, DGS)
            await phone.asked("Le groupe de crise", "")
            await phone.asked("Le groupe des exercices", "")
            await phone.asked("Relier maintenant", "o")
            await phone.shows("Hélène Castaing :")
            await town.enrolls_on_telegram(phone, MAYOR)
            await phone.shows("compte relié (Hélène Castaing)")
            for name in ("Marc Ollivier", "Thierry Lacombe", "Julie Perrault"):
                await phone.shows(f"{name} :")
                await phone.asked("J'attends votre compte", "")
            await phone.asked("Maintenant ?", "o")
            called = await phone.shows("appel lancé à")
            assert await telegram.until(lambda: _roll(telegram, MAYOR), 20), called
            asked = _roll(telegram, MAYOR)
            await telegram.press(MAYOR, MAYOR, asked.id, asked.labels[0])
            await phone.shows("Hélène Castaing a répondu en")
            await phone.shows("est clos")
            assert await phone.ends() == 0


def _roll(telegram: Telegram, number: int) -> Any:
    """The card that asks somebody whether they are there."""
    shown = [one for one in telegram.shown(number) if "Je suis là" in one.labels]
    return shown[-1] if shown else None


@played
async def test_slack_from_its_manifest_to_its_channels(tmp_path: Path) -> None:
    async with place(tmp_path) as town:
        slack = town.slack
        with town.setup("--no-trial") as phone:
            await phone.asked("Installer le robot Telegram ?", "n")
            await phone.asked("Installer l'application Slack ?", "")
            steps = await phone.shows("TOCSIN_SLACK_BOT_TOKEN")
            assert "manifest.yaml" in steps
            assert "https://api.slack.com/apps" in steps
            phone.terminal.types(slack.api.bot_token)
            await phone.asked("TOCSIN_SLACK_APP_TOKEN", slack.api.app_token)
            await phone.shows("Slack : connecté")
            await phone.asked("Votre numéro", "1")
            code = (await phone.shows("J'attends votre compte")).partition("/tocsin enroler ")[2].split()[0]
            assert (await slack.type_command("U0MAYOR", "general", f"enroler {code}")).ok
            await phone.shows("compte relié (")
            await phone.asked("Votre choix [1]", "2")
            for name, question in (("cellule", "groupe de crise ?"), ("exercices", "groupe des exercices ?")):
                slack.workspace.make(name, "U0MAYOR", private=True)
                await phone.shows("/invite @tocsin")
                await phone.shows("J'attends")
                await slack.add_bot("U0MAYOR", name)
                await phone.shows(f"Je vois « #{name} »")
                await phone.asked(question, "o")
            await phone.shows("Un canal privé d'où l'on peut déclarer")
            await phone.asked("J'attends", "")
            await phone.shows("C'est prêt")
            assert await phone.ends() == 0
        channels = {one.name: one.id for one in slack.workspace.channels.values()}
        assert town.house.group("slack", "crisis") == (channels["cellule"], "")
        assert town.house.group("slack", "exercise") == (channels["exercices"], "")


@played
async def test_a_channel_for_each_incident_is_written_once_in_the_town_s_file(tmp_path: Path) -> None:
    async with place(tmp_path) as town:
        api = town.slack.api
        town.secrets(f"TOCSIN_SLACK_BOT_TOKEN={api.bot_token}", f"TOCSIN_SLACK_APP_TOKEN={api.app_token}")
        api.scopes -= {"pins:write"}
        before = (town.town.path / "tocsin.toml").read_text()
        for again in (False, True):
            with town.setup("--no-trial", "--as", "p1") as phone:
                await phone.asked("Installer le robot Telegram ?", "n")
                await phone.shows("Il manque des droits à l'application Slack : pins:write")
                await phone.asked("J'attends votre compte", "")
                if not again:
                    await phone.asked("Votre choix [1]", "")
                await phone.shows("aura son canal privé")
                await phone.asked("J'attends", "")
                assert await phone.ends() == 0
        after = (town.town.path / "tocsin.toml").read_text()
        assert after.startswith(before.rstrip())
        assert after.count('crisis_channel = "new"') == before.count('crisis_channel = "new"') + 1


@played
async def test_leaving_keeps_what_is_done_and_frees_the_lock(tmp_path: Path) -> None:
    async with place(tmp_path) as town:
        town.secrets(f"TOCSIN_TELEGRAM_TOKEN={town.telegram.token}")
        with town.setup("--lang", "en") as phone:
            await phone.asked("Install the Slack application?", "n")
            await phone.asked("Your number", "1")
            await phone.shows("Waiting for your account")
            second = await asyncio.to_thread(town.town.tocsin, "serve")
            assert second.code == 2
            phone.terminal.presses(b"\x03")
            await phone.shows("to go on where you were: tocsin setup")
            assert await phone.ends() == 1
        assert "p1" in town.house.invitations
        with town.setup() as phone:
            await phone.asked("Installer l'application Slack ?", "\x04")
            await phone.shows("pour reprendre où vous en étiez")
            assert await phone.ends() == 1


@played
async def test_a_door_that_does_not_open_is_told_in_words(tmp_path: Path) -> None:
    async with place(tmp_path) as town:
        town.secrets(f"TOCSIN_TELEGRAM_TOKEN={town.telegram.token}")
        url = f"{town.telegram.url}/bot{town.telegram.token}/getUpdates"

        async def another() -> None:
            """A program of another machine, with the same token."""
            async with aiohttp.ClientSession() as session:
                while True:
                    async with session.get(url, params={"timeout": "25"}) as answer:
                        await answer.read()
                    await asyncio.sleep(0.2)

        polling = asyncio.create_task(another())
        try:
            with town.setup() as phone:
                await phone.asked("Installer l'application Slack ?", "n")
                await phone.shows("un autre programme relève déjà")
                assert await phone.ends() == 0
        finally:
            polling.cancel()


def test_without_a_terminal_it_says_so(tmp_path: Path) -> None:
    ran = new_town(tmp_path).tocsin("setup")
    assert ran.code == 2
    assert "dans un terminal" in ran.err
