"""Updates that are pushed: only Telegram's are read."""

from __future__ import annotations

import socket
from pathlib import Path

import aiohttp

from tests.telegram.valley import PEOPLE, played, valley

P4 = PEOPLE["p4"]


@played
async def test_a_webhook_takes_what_has_its_secret_and_nothing_else(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    async with valley(tmp_path, "p4", webhook=listen) as town:
        assert town.telegram.delivery.hook["secret"] == "s3cret"
        incident = await town.declared()
        town.telegram.send(P4, P4, "/note poussé")
        await town.until(lambda: "NoteTaken" in town.kinds(incident))
        forged = {"update_id": 1, "message": town.telegram.world.told(town.telegram.shown(P4)[-2])}
        async with aiohttp.ClientSession() as session:
            for secret in ("", "s3creT", "é"):
                headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
                async with session.post(f"http://{listen}/telegram", json=forged, headers=headers) as answer:
                    assert answer.status == 403
            right = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
            for body in (b"{", b"[]", b'{"update_id": "x"}'):
                async with session.post(f"http://{listen}/telegram", data=body, headers=right) as answer:
                    assert answer.status in (200, 400)
        assert town.kinds(incident).count("NoteTaken") == 1
        await town.stops()
        assert town.telegram.delivery.hook  # the next process finds its updates waiting
