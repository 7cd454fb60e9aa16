"""The server of the control socket, in the engine."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ivr.control.control_client import RequestRefused
from ivr.runtime.layout import Home
from ivr.texts import _, speak

Action = Callable[..., Awaitable[Any]]

log = logging.getLogger(__name__)

_LONGEST = 4 * 1024 * 1024  # bytes of a request, because a registry is sent in one


async def listen(home: Home, actions: Mapping[str, Action]) -> asyncio.Server:
    """Serve ``actions``, by name, on the control socket of the home, which only its owner can open."""
    path = home.control_socket
    path.unlink(missing_ok=True)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await _answer(actions, await reader.readline())
            writer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
            await writer.drain()
        except (OSError, ValueError) as error:
            log.warning(_("control: %s"), error)
        finally:
            writer.close()

    server = await asyncio.start_unix_server(connected, path, limit=_LONGEST)
    path.chmod(0o600)
    return server


async def _answer(actions: Mapping[str, Action], line: bytes) -> dict[str, Any]:
    request = json.loads(line)
    speak(request.pop("languages", ()))  # of the admin who asks, not of the engine
    action = actions.get(request.pop("do", ""))
    if action is None:
        return {"refused": [_("this hotline does not know the command; it may be of another version than 'ivr'")]}
    try:
        return {"result": await action(**request)}
    except RequestRefused as refusal:
        return {"refused": list(refusal.args)}
    except Exception as error:  # the admin gets one line, the log the traceback
        log.exception("control: a request failed")
        return {"refused": [_("the command failed: {error}; see log/engine.log").format(error=error)]}
