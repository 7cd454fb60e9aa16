"""All phones of a test, and the wait for their events."""

import contextlib
import itertools
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from multiprocessing import connection
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import numpy as np

from testkit import patience

from . import tones
from .invite import Invite
from .phone_call import PhoneCall
from .worker_pool import SLOTS, PhoneWorker

T = TypeVar("T")
_BUSY = 2  # factor on each deadline, for a busy machine
_KEPT = 6  # processes that wait for the next test, because a start takes a tenth of a second of a core
_LOOK = 0.1  # seconds between two looks without an event, because a look may ask an engine or a browser
_LEAVE = 10  # seconds that the end of a test waits for the answers to its hang-ups and unregistrations
_LOOP = 120  # seconds; each time a file starts over, PJSIP sends 20 ms of silence
_TONES = range(520, 3000, 60)  # Hz; clear of ringback (440, 450, 480), and 12 lines of the spectrum apart


class AccountOwner(Protocol):
    """The owner of a SIP account."""

    name: str

    def on_incoming(self, key: str, invite: Invite) -> None:
        """Take in an incoming call."""

    def on_registration(self, code: int, reason: str, active: bool) -> None:
        """Take in the result of a registration."""

    def leave(self) -> bool:
        """Unregister if the account is registered; return whether it is unregistered."""

    def describe(self) -> str:
        """Return the state of the account in words."""


class SipAccount:
    """A SIP account in one of the processes."""

    def __init__(self, phones: "Phones", worker: PhoneWorker, key: str, owner: AccountOwner, slots: int) -> None:
        self.phones, self.worker, self.key, self.owner, self.slots = phones, worker, key, owner, slots
        self.port = 0  # UDP port on loopback; 0 while it is closed
        self.gone = False

    def send(self, command: str, *args: object) -> None:
        """Send a command about this account to its process."""
        self.worker.send(command, self.key, *args)


class Phones:
    """The phones' processes, their calls, and the loop that reads their events.

    Use it as a context manager. One `Phones` for all tests of a process, with `reset` after each test, is quickest.

    Args:
        folder: the folder of recordings and PJSIP's logs; None for a temporary folder, which is removed.
        log_level: PJSIP's log level, 0 to 6; from 4 on, the log has every SIP message.
    """

    def __init__(self, folder: Path | None = None, log_level: int = 4) -> None:
        self.tones: dict[str, int] = {}  # parties' names and their frequencies in Hz
        self.calls: list[PhoneCall] = []
        self._kept = folder is not None
        self.folder = folder.resolve() if folder else Path(tempfile.mkdtemp(prefix="phones-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self._log_level = log_level
        self._workers: list[PhoneWorker] = []
        self._lines: list[SipAccount] = []
        self._keys: dict[tuple[int, str], PhoneCall] = {}
        self._timers: list[tuple[float, Callable[[], None]]] = []
        self._numbers = itertools.count(1)
        self._errors: list[str] = []
        tones.write_wav(self.folder / "silence.wav", np.zeros(tones.RATE, np.int16))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def until(self, predicate: Callable[[], T | None], seconds: float = 5.0, saying: str = "") -> T:
        """Wait until `predicate` returns a true value, and return the value.

        Args:
            predicate: called after every event and at least ten times a second.
            seconds: the wait ends after twice this time, and not before `patience.PATIENCE`.
            saying: the event in words, for the message of a failure.

        Raises:
            AssertionError: the event did not come in time (with the state of every phone), or a phone failed.
        """
        seconds = max(seconds * _BUSY, patience.PATIENCE)
        if value := self.within(seconds, predicate):
            return value
        raise AssertionError(f"not within {seconds:g} s: {saying or 'the event'}\n{self.describe()}")

    def within(self, seconds: float, predicate: Callable[[], T | None]) -> T | None:
        """Wait for an event that need not come; return the last value of `predicate`.

        Raises:
            AssertionError: a phone failed.
        """
        deadline = time.monotonic() + seconds
        while True:
            self.poll()
            if (value := predicate()) or time.monotonic() > deadline:
                return value
            connection.wait([worker.connection for worker in self._workers], _LOOK)

    def poll(self) -> None:
        """Take in the events that have come; `until` calls this, and so may a test with a wait of its own."""
        for worker in self._workers:
            for event, *args in worker.events():
                self._on_event(worker, event, args)
        now = time.monotonic()
        due = [timer for timer in self._timers if timer[0] <= now]
        self._timers = [timer for timer in self._timers if timer[0] > now]
        for _, action in due:
            action()
        if self._errors:
            errors, self._errors = self._errors, []
            raise AssertionError("\n".join(errors))

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Run an action after `seconds`, from within `until` or `poll`."""
        self._timers.append((time.monotonic() + seconds, action))

    def describe(self) -> str:
        """Return the state of every account and call in words."""
        accounts = [f"  {line.owner.describe()}" for line in self._lines]
        return "\n".join(accounts + [f"  call of {call}" for call in self.calls])

    def reset(self) -> None:
        """Hang up all calls and close all accounts, so that the next test starts with none."""
        self._timers.clear()
        with contextlib.suppress(AssertionError):
            self._hang_up_all()
        with contextlib.suppress(AssertionError):  # the registrar may have stopped
            self.within(_LEAVE, lambda: all([line.owner.leave() for line in self._lines]))
        with contextlib.suppress(AssertionError):
            for line in self._lines:
                line.send("forget")
            self.within(_LEAVE, lambda: all(line.gone for line in self._lines))
        surplus = self._workers[_KEPT:]
        # A process that did not close all of its accounts is not used again either.
        for worker in [candidate for candidate in self._workers if candidate.taken or candidate in surplus]:
            worker.close()
            self._workers.remove(worker)
        self._lines.clear()
        self._errors.clear()
        self._keys.clear()
        self.calls.clear()
        self.tones.clear()

    def close(self) -> None:
        """End all calls and processes."""
        self.reset()
        for worker in self._workers:
            worker.close()
        self._workers.clear()
        if not self._kept:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def cpu_seconds(self) -> float:
        """CPU time of the phones' processes."""
        return sum(worker.cpu_seconds for worker in self._workers)

    # The methods below are for SeatPhone and Carrier.

    def open_line(
        self,
        owner: AccountOwner,
        slots: int,
        user: str,
        *,
        server: str = "",
        password: str = "",
        port: int = 0,
        transport: str = "udp",
        trusts: Path | None = None,
    ) -> SipAccount:
        """Open an account in a process with `slots` free call slots, and wait until its port is open.

        With the transport "tls", the account requires SRTP, and `trusts` is the file of the server's certificate.
        """
        worker = next((w for w in self._workers if w.taken + slots <= SLOTS), None)
        if worker is None:
            worker = PhoneWorker(self.folder, self._log_level)
            self._workers.append(worker)
        worker.taken += slots
        line = SipAccount(self, worker, f"account{next(self._numbers)}", owner, slots)
        self._lines.append(line)
        line.send("account", user, server, password, port, transport, str(trusts or ""))
        self.until(lambda: line.port, 10, f"{owner.name} has a port")
        return line

    def open_call(self, line: SipAccount, key: str, name: str, tone: int, invite: Invite | None) -> PhoneCall:
        """Add a call of an account."""
        if name:
            self.tones[name] = tone
        call = PhoneCall(self, line.worker, key, name=name or line.owner.name, tone=tone, invite=invite)
        self.calls.append(call)
        self._keys[id(line.worker), key] = call
        return call

    def dial(
        self,
        line: SipAccount,
        name: str,
        tone: int,
        uri: str,
        *,
        sender: str = "",
        headers: Mapping[str, str] | None = None,
        sound: Path | None = None,
    ) -> PhoneCall:
        """Place a call from an account, which sends ``sound`` if given, else its tone."""
        key = f"out{next(self._numbers)}"
        call = self.open_call(line, key, name, tone, None)
        sound_file = sound or self.tone_file(tone) or ""
        line.send("dial", key, uri, sender, dict(headers or {}), str(sound_file), str(call.recording))
        return call

    def free_tone(self, name: str) -> int:
        """Return the frequency of a name if it has one, else a frequency that no party has."""
        if name in self.tones:
            return self.tones[name]
        return next(hertz for hertz in _TONES if hertz not in self.tones.values())

    def tone_file(self, hertz: int) -> Path | None:
        """Return a WAV file of the tone that can be looped; None for 0 Hz, which is no tone."""
        if not hertz:
            return None
        path = self.folder / f"tone-{hertz}.wav"
        if not path.exists():
            tones.write_wav(path, np.tile(tones.sine(hertz), _LOOP))
        return path

    def recording(self, name: str) -> Path:
        """Return the path of a new recording."""
        file_name = "".join(sign if sign.isalnum() else "_" for sign in name)
        return self.folder / f"{next(self._numbers):03}-{file_name}.wav"

    def _hang_up_all(self) -> None:
        live = [call for call in self.calls if not call.closed]
        for call in live:
            call.hang_up()
        self.within(_LEAVE, lambda: all(call.closed for call in live))

    def _on_event(self, worker: PhoneWorker, event: str, args: list[Any]) -> None:
        match event, args:
            case "error", [text]:
                self._errors.append(text)
            case "refused", [command, command_args, text]:
                self._errors.append(f"PJSIP refused {command} {command_args}: {text}")
            case "incoming", [account, key, text, _source]:
                self._line(worker, account).owner.on_incoming(key, Invite(text))
            case "account", [account, port]:
                self._line(worker, account).port = port
            case "registration", [account, *rest]:
                self._line(worker, account).owner.on_registration(*rest)
            case "unplugged", [account]:
                self._line(worker, account).port = 0
            case "forgotten", [account]:
                line = self._line(worker, account)
                line.gone = True
                worker.taken -= line.slots
            case _, [key, *rest] if call := self._keys.get((id(worker), key)):
                call.on_event(event, *rest)

    def _line(self, worker: PhoneWorker, key: str) -> SipAccount:
        return next(line for line in self._lines if line.worker is worker and line.key == key)
