"""A client of the desk without a browser: signs in, reads the live state, does acts; or a program with a token."""

import asyncio
import http.client
import json
import queue
import ssl
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from testkit.patience import PATIENCE

T = TypeVar("T")

_ANY = ssl.create_default_context()
_ANY.check_hostname = False
_ANY.verify_mode = ssl.CERT_NONE


class DeskAnswer:
    """An answer of the desk's REST interface."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of the error; "" if the answer is no error."""
        return self.json["error"]["code"] if self.status >= 400 else ""


class DeskClient:
    """One browser, or one program. Its requests go over one connection, one after the other."""

    def __init__(self, server: str, token: str = "") -> None:
        self.server, self.token, self.cookie = server, token, ""
        self.origin = f"https://{server}"
        self._kept: http.client.HTTPSConnection | None = None

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> DeskAnswer:
        """Send a request; ``headers`` replace the headers of a browser, and a value "" removes a header."""
        sent_headers = {"Origin": self.origin, "Accept-Language": "en", "Content-Type": "application/json"}
        if self.cookie:
            sent_headers["Cookie"] = f"__Host-desk={self.cookie}"
        if self.token:
            sent_headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        sent_headers |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = method, path, data, {name: value for name, value in sent_headers.items() if value}
        kept, self._kept = self._kept, None
        if kept is not None:
            try:
                return self._answer(kept, *request)
            except (http.client.HTTPException, OSError):
                kept.close()  # the desk closes an idle connection, and each connection when the desk ends
        fresh = http.client.HTTPSConnection(self.server, timeout=PATIENCE, context=_ANY)
        try:
            return self._answer(fresh, *request)
        except BaseException:
            fresh.close()
            raise

    def _answer(self, connection: http.client.HTTPSConnection, *request: Any) -> DeskAnswer:
        connection.request(*request)
        answer = connection.getresponse()
        desk_answer = DeskAnswer(answer.status, answer.headers, answer.read())
        if answer.will_close:
            connection.close()
        else:
            self._kept = connection
        return desk_answer

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> DeskAnswer:
        """Send a request to a path below the API's address."""
        return self.request(method, f"/api/v1{path}", body, **headers)

    def sign_in(self, user: str, password: str, code: str = "") -> DeskAnswer:
        """Sign in, and keep the cookie of the session."""
        answer = self.api("POST", "/session", {"user": user, "password": password, "code": code})
        if answer.status == 200:
            self.cookie = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
        return answer

    def act(self, act: str, **args: Any) -> DeskAnswer:
        """Do an act over REST."""
        return self.api("POST", f"/acts/{act}", args)

    def live(self, query: str = "", origin: str | None = None) -> "LivePage":
        """Open the WebSocket."""
        headers = {"Cookie": f"__Host-desk={self.cookie}"} if self.cookie else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        address = f"wss://{self.server}/api/v1/live?language=en&{query}"
        socket = PageSocket(address, origin or self.origin, headers)
        return LivePage(socket)


class PageSocket:
    """A WebSocket for a test that has no event loop.

    Its event loop runs in a thread, because a TLS socket of Python may not be read and written by two threads.
    """

    def __init__(self, address: str, origin: str, headers: dict[str, str]) -> None:
        self._loop = asyncio.new_event_loop()
        self._received: queue.Queue[str | Exception] = queue.Queue()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._socket: ClientConnection = self._do(self._open(address, origin, headers))

    def recv(self, timeout: float) -> str:
        """Return the next message.

        Raises:
            TimeoutError: No message came in that time.
            ConnectionClosed: The other side closed the connection.
        """
        try:
            message = self._received.get(timeout=timeout) if timeout > 0 else self._received.get_nowait()
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(message, Exception):
            self._received.put(message)
            raise message
        return message

    def send(self, text: str) -> None:
        self._do(self._socket.send(text))

    def close(self) -> None:
        self._do(self._socket.close())
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _open(self, address: str, origin: str, headers: dict[str, str]) -> ClientConnection:
        socket = await connect(
            address, ssl=_ANY, origin=origin, additional_headers=headers, open_timeout=PATIENCE, max_size=None,
        )  # type: ignore[arg-type]  # fmt: skip
        self._reading = asyncio.create_task(self._read(socket))
        return socket

    async def _read(self, socket: ClientConnection) -> None:
        try:
            while True:
                self._received.put(str(await socket.recv()))
        except ConnectionClosed as over:
            self._received.put(over)

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


class LivePage:
    """The live state as a desk page keeps it."""

    def __init__(self, socket: PageSocket) -> None:
        self.socket = socket
        self.state: dict[str, Any] = {}
        self.stream, self.number = "", 0
        self.snapshots = 0
        self.messages: list[tuple[float, dict[str, Any]]] = []  # time.time() and message
        self._acts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()

    def take(self, seconds: float) -> dict[str, Any] | None:
        """Take one message; return None if none comes in that time."""
        try:
            message: dict[str, Any] = json.loads(self.socket.recv(timeout=seconds))
        except TimeoutError:
            return None
        self.messages.append((time.time(), message))
        match message["type"]:
            case "snapshot":
                self.state, self.stream, self.number = message["state"], message["stream"], message["number"]
                self.snapshots += 1
            case "change":
                assert message["number"] == self.number + 1, "no change is left out"
                self.number = message["number"]
                for section, objects in message["set"].items():
                    if section in ("hotline", "me"):
                        self.state[section] = objects
                    else:
                        self.state[section].update(objects)
                for section, names in message["gone"].items():
                    for name in names:
                        self.state[section].pop(name, None)
        return message

    def until(self, value: Callable[[], T], seconds: float = PATIENCE, event: str = "") -> T:
        """Take messages until ``value`` returns a true value, and return that."""
        deadline = time.monotonic() + seconds
        while not (result := value()):
            remaining = deadline - time.monotonic()
            assert remaining > 0, event or "it did not come"
            self.take(min(remaining, 0.2))
        return result

    def begin(self) -> Self:
        """Wait for the snapshot."""
        self.until(lambda: self.state)
        return self

    def act(self, act: str, **args: Any) -> dict[str, Any]:
        """Do an act, and return its answer."""
        self._acts += 1
        name = f"a{self._acts}"
        self.socket.send(json.dumps({"type": "act", "id": name, "act": act, "args": args}))
        return self.until(lambda: next((message for _time, message in self.messages if message.get("id") == name), {}))
