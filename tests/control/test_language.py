"""A refusal is in the language of the admin who asked, not in the language of the engine."""

import asyncio
from pathlib import Path

import pytest

from ivr.control import control_client, control_server
from ivr.control.control_client import RequestRefused
from ivr.runtime.layout import Home
from ivr.texts import _


async def refuse() -> None:
    raise RequestRefused(_("the connection was lost"))


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh_CN", "连接已断开"), ("zh_CN.UTF-8:en", "连接已断开"), ("de", "the connection was lost"),
     ("../../zh_CN", "the connection was lost")],
)  # fmt: skip
async def test_a_refusal_is_in_the_admins_language_and_not_in_the_engines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, text: str
) -> None:
    home = Home(tmp_path)
    home.create()
    async with await control_server.listen(home, {"refuse": refuse}):
        monkeypatch.setenv("LANGUAGE", language)
        with pytest.raises(RequestRefused) as refused:
            await asyncio.to_thread(control_client.ask, home, "refuse")
    assert refused.value.args == (text,)
    assert _("the connection was lost") == "the connection was lost", "the engine's own language changed"
