"""No token is ever in the log: in a line, a traceback, a library's warning, an exception nobody caught."""

from __future__ import annotations

import asyncio
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.serving.logs import configure
from tests.acceptance.night import Night
from tests.serving.playing import played

TELEGRAM = "123456789:AAH-abcdefghijklmnopqrstuvwxyz012345"
SLACK = "xoxb-1234-5678-abcdef"
ODD = "a-signing-secret-of-no-known-shape"


@pytest.fixture
def log() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    root.setLevel(level)
    for handler in [one for one in root.handlers if one not in handlers]:
        root.removeHandler(handler)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.usefixtures("log")
def test_nothing_that_opens_a_chat_is_logged(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure(form, [ODD])
    one = logging.getLogger("bots.somewhere")
    one.warning("asked https://api.telegram.org/bot%s/getMe", TELEGRAM)
    one.error("%(token)s", {"token": SLACK})
    one.info("secret %s", ODD)
    try:
        raise ValueError(f"refused: {TELEGRAM}") from OSError(SLACK)
    except ValueError:
        one.exception("it failed with %s", ODD)
    logging.getLogger("httpx").warning("HTTP Request: POST https://api.telegram.org/bot%s/x", TELEGRAM)
    logging.getLogger("httpx").info("this chatter is not kept")
    err = capsys.readouterr().err
    assert err.count("•••") >= 6
    for secret in (TELEGRAM, SLACK, ODD):
        assert secret not in err
    assert "chatter" not in err
    if form == "json":
        lines = [json.loads(line) for line in err.splitlines()]
        assert all({"at", "level", "where", "text"} <= line.keys() for line in lines)
        assert any("ValueError" in line.get("trace", "") for line in lines)


@pytest.mark.usefixtures("log")
def test_what_python_warns_of_and_what_the_loop_finds_is_cleaned_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure("text", [])
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(f"deprecated: {TELEGRAM}", UserWarning, stacklevel=1)
        logging.captureWarnings(False)

    async def left_alone() -> None:
        async def fails() -> None:
            raise RuntimeError(SLACK)

        task = asyncio.create_task(fails())
        await asyncio.sleep(0)
        del task

    asyncio.run(left_alone())
    err = capsys.readouterr().err
    assert TELEGRAM not in err
    assert SLACK not in err


@played
async def test_a_night_of_refusals_leaves_no_token_in_the_log(tmp_path: Path) -> None:
    """The real program: its tokens are refused, then its server dies, and comes back."""
    async with Night(tmp_path) as night:
        await night.start()
        night.telegram.revoked = night.slack.api.revoked = True
        await night.slack.delivery.cut()
        night.telegram.send(101, 101, "bonjour")
        await asyncio.sleep(2)
        night.telegram.revoked = night.slack.api.revoked = False
        await night.telegram.close()
        await asyncio.sleep(1)
        await night.telegram.listen()
        await night.stop()
        log = night.log.read_text("utf-8")
        assert "token" in log
        for secret in (night.telegram.token, night.slack.api.bot_token, night.slack.api.app_token):
            assert secret not in log
