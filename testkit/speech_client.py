"""The client of a speech session (AEAP), as Asterisk 22 is."""

import asyncio
import json
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from testkit.patience import PATIENCE


class SpeechClient:
    """A session with the speech server at a port of loopback, as ``SPEECH CREATE`` opens it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.results: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        self.connection: ClientConnection = await connect(
            f"ws://127.0.0.1:{self._port}", subprotocols=[Subprotocol("speech_to_text")]
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._reading.cancel()
        await self.connection.close()

    async def ask(self, request: str, **arguments: Any) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        name = f"id-{len(self._answers)}"
        self._answers[name] = asyncio.get_running_loop().create_future()
        await self.connection.send(json.dumps({"request": request, "id": name, **arguments}))
        async with asyncio.timeout(PATIENCE):
            return await self._answers[name]

    async def create(self) -> dict[str, Any]:
        """SPEECH CREATE."""
        return await self.ask("setup", version="0.1.0", codecs=[{"name": "slin"}])

    async def set(self, name: str, value: str) -> dict[str, Any]:
        """SPEECH SET."""
        return await self.ask("set", params={name: value})

    async def say(self, *frames: bytes) -> None:
        """Send frames of sound."""
        for frame in frames:
            await self.connection.send(frame)

    async def result(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """Wait for the result of a recognition."""
        async with asyncio.timeout(seconds):
            return await self.results.get()

    async def _read(self) -> None:
        async for text in self.connection:
            message = json.loads(text)
            if "response" in message:
                self._answers[message["id"]].set_result(message)
            else:
                best_result, *_others = message["params"]["results"]
                self.results.put_nowait(best_result)
                await self.connection.send(json.dumps({"response": "set", "id": message["id"]}))
