"""An agent's work with a phone of another project, and a carrier of raw SIP."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

from testkit.hotline.running import RunningHotline, registry
from testkit.signalling import Port, SignallingCall
from trials.interop.behaviours import Behaviour
from trials.interop.interop_report import InteropCell, InteropReport

_CITIZEN = "13900001111"
_SEAT, _OVER_TLS = "8001", "8002"
_SECONDS = 20.0


class AgentPhone(Protocol):
    """A registered phone that the trial controls."""

    @property
    def rung(self) -> int:
        """Number of incoming calls so far."""

    def dial(self, number: str) -> None:
        """Call a number at the hotline."""

    def accept(self) -> None:
        """Answer the call that rings."""

    def hold(self) -> None:
        """Put the call on hold."""

    def resume(self) -> None:
        """Take the call back."""

    def transfer(self, number: str) -> None:
        """Transfer the call without a consult (blind transfer)."""

    def keys(self, keys: str) -> None:
        """Press keys in the current call."""


@runtime_checkable
class TwoLinePhone(AgentPhone, Protocol):
    """A phone that transfers a call to the party of its second line."""

    def consult(self, number: str) -> None:
        """Hold the call, call a number on the second line, and wait for the answer."""

    def transfer_to_consulted(self) -> None:
        """Transfer the call to that party (REFER with Replaces)."""


@runtime_checkable
class TonePhone(AgentPhone, Protocol):
    """A phone that makes calls without telephone-event, and plays keys as tones."""

    def tone(self, key: str) -> None:
        """Play the tones of a key into the current call."""


class PhoneMaker(Protocol):
    """Makes the phone of a seat."""

    def __call__(
        self, folder: Path, seat: str, password: str, server: str, *, keys: str, trusts: Path | None = None
    ) -> AbstractContextManager[AgentPhone]:
        """Make a phone.

        It sends keys by ``keys``: rtpevent (RFC 4733), info (SIP INFO), or, of a `TonePhone`, tones. With ``trusts``,
        the server's certificate, it uses TLS and SRTP.
        """


class AgentsDay:
    """An agent's work with keys by RFC 4733, and a consult or a menu with keys by SIP INFO."""

    def __init__(self, peer: str, phone: PhoneMaker, *, types_codes_by_info: bool = True) -> None:
        """Prepare the trial of a phone.

        Args:
            peer: the name of the program and its version.
            phone: makes the phone.
            types_codes_by_info: whether the phone sends the keys of a feature code by SIP INFO as fast as they are
                pressed; if not, a key of a menu is tried.
        """
        self.report = InteropReport(peer)
        self._phone, self._types_codes_by_info = phone, types_codes_by_info

    async def try_behaviours(self) -> list[InteropCell]:
        """Try each behaviour, and return the results."""
        self._carrier = await Port().open()
        self._carrier.on_invite = SignallingCall.answer
        try:
            with (
                RunningHotline(f"127.0.0.1:{self._carrier.number}", _registry()) as self._hotline,
                tempfile.TemporaryDirectory() as folder,
            ):
                self._carrier.at(self._hotline.server)
                account = (_SEAT, self._hotline.password(_SEAT), self._hotline.server)
                with self._phone(Path(folder) / "rtpevent", *account, keys="rtpevent") as phone:
                    await self._calls(phone)
                    if isinstance(phone, TwoLinePhone):
                        await self._transfers_attended(phone)
                await _until(lambda: not self._hotline.ask("status")["calls"])
                with self._phone(Path(folder) / "info", *account, keys="info") as phone:
                    await self._presses_by_info(phone)
                    plays_tones = isinstance(phone, TonePhone)  # while the phone is open, because this asks it
                if plays_tones:
                    with self._phone(Path(folder) / "tones", *account, keys="tones") as phone:
                        await self._presses_as_tones(cast("TonePhone", phone))
                for leg in list(self._carrier.legs.values()):
                    leg.hang_up()
                await _until(lambda: not self._hotline.ask("status")["calls"])
                await self._encrypts(Path(folder) / "tls")
        finally:
            self._carrier.close()
        return self.report.cells

    async def _encrypts(self, folder: Path) -> None:
        """A seat with TLS and SRTP takes a call; the hotline offers it no other sound than SRTP."""
        server = next(str(account["server"]) for account in self._hotline.json("seats") if account["seat"] == _OVER_TLS)
        account = (_OVER_TLS, self._hotline.password(_OVER_TLS), server)
        certificate = self._hotline.home / "tls" / "certificate.pem"
        with self._phone(folder, *account, keys="rtpevent", trusts=certificate) as phone:
            phone.dial("*81")
            await _until(lambda: self._state(_OVER_TLS) == "ready")
            citizen = self._carrier.call("12369", _CITIZEN)
            await _until(lambda: phone.rung)
            phone.accept()
            await _until(lambda: self._state(_OVER_TLS) == "in-call")
            self._drain()  # from now on the sound is the agent's
            await self._try(Behaviour.TLS_SRTP, self._is_heard)
            citizen.hang_up()

    async def _answered_call(self, phone: AgentPhone) -> SignallingCall:
        """A citizen calls, and the agent answers."""
        await _until(lambda: self._state() == "ready")
        rung, citizen = phone.rung, self._carrier.call("12369", _CITIZEN)
        await _until(lambda: phone.rung > rung)
        phone.accept()
        await _until(lambda: self._state() == "in-call")
        return citizen

    async def _consult(self, phone: AgentPhone, by: Behaviour) -> SignallingCall | None:
        """Press ``*2`` and a number in a citizen's call; return the call of the consulted center."""
        earlier = set(self._carrier.legs)
        await asyncio.to_thread(phone.keys, "*2")
        await asyncio.sleep(2)  # until Asterisk listens to the number
        await asyncio.to_thread(phone.keys, "12313")
        await self._try(by, lambda: self._answered("12313", earlier))
        return self._answered("12313", earlier)

    async def _presses_by_info(self, phone: AgentPhone) -> None:
        if self._types_codes_by_info:
            citizen = await self._answered_call(phone)
            await self._consult(phone, Behaviour.KEYS_INFO)
            citizen.hang_up()
            return
        phone.dial("12345")
        await _until(lambda: self._keys_of_own_call() is not None)
        await asyncio.sleep(1)  # until the phone takes keys for the call
        await asyncio.to_thread(phone.keys, "1")
        await self._try(Behaviour.KEYS_INFO, lambda: self._keys_of_own_call() == "main:1")

    async def _presses_as_tones(self, phone: TonePhone) -> None:
        earlier = len(self._own_calls())
        phone.dial("12345")
        await _until(lambda: len(self._own_calls()) > earlier)
        await asyncio.sleep(1)  # until the phone plays sound for the call
        await asyncio.to_thread(phone.tone, "1")
        await self._try(Behaviour.KEYS_TONES, lambda: self._keys_of_own_call() == "main:1")

    def _own_calls(self) -> list[dict[str, Any]]:
        """Return the calls of the seat's phone to a menu, the newest last."""
        calls: list[dict[str, Any]] = [call for call in self._hotline.calls() if call["caller"] == _SEAT]
        return sorted(calls, key=lambda call: str(call["started_at"]))

    def _keys_of_own_call(self) -> str | None:
        """Return the keys that counted in the newest call of the seat's phone to a menu; None before that call."""
        calls = self._own_calls()
        return str(calls[-1]["path"]) if calls else None

    async def _calls(self, phone: AgentPhone) -> None:
        phone.dial("*81")
        await self._try(Behaviour.SIGNS_IN, lambda: self._state() == "ready")
        citizen = await self._answered_call(phone)
        await self._try(Behaviour.TAKES_A_CALL, lambda: self._state() == "in-call")
        await asyncio.to_thread(phone.hold)
        await _until(self._is_held)
        self._drain()  # from now on the sound is not the agent's
        await self._try(Behaviour.HOLDS, lambda: self._is_held() and self._is_heard())
        phone.resume()
        await asyncio.sleep(1)  # until the phone speaks again

        center = await self._consult(phone, Behaviour.KEYS_RFC4733)
        await asyncio.to_thread(phone.keys, "*3")
        await asyncio.sleep(1)
        await self._try(Behaviour.THREE_WAY, lambda: not citizen.ended and center and not center.ended)
        if center:
            center.hang_up()
            await asyncio.sleep(2)  # until Asterisk has taken the conference apart

        phone.transfer("12366")
        await self._try(Behaviour.TRANSFERS_BLIND, lambda: self._answered("12366") and not citizen.ended)
        await _until(lambda: self._state() != "in-call")
        citizen.hang_up()

        dialled, last = len(self._carrier.legs), await self._answered_call(phone)
        phone.transfer("13900002222")
        await asyncio.sleep(2)  # seconds in which no event may come
        stays = lambda: len(self._carrier.legs) == dialled + 1 and not last.ended  # noqa: E731
        await self._try(Behaviour.TRANSFER_REFUSED, stays)
        last.hang_up()

    async def _transfers_attended(self, phone: TwoLinePhone) -> None:
        """Citizen and center talk on after both lines of the phone have ended."""
        citizen = await self._answered_call(phone)
        earlier = set(self._carrier.legs)
        await asyncio.to_thread(phone.consult, "12313")
        await _until(lambda: self._answered("12313", earlier))
        phone.transfer_to_consulted()
        await _until(lambda: self._state() != "in-call")
        center = self._answered("12313", earlier)
        await self._try(
            Behaviour.TRANSFERS_ATTENDED,
            lambda: self._state() != "in-call" and not citizen.ended and center and not center.ended,
        )
        citizen.hang_up()

    async def _try(self, behaviour: Behaviour, condition: Callable[[], object]) -> None:
        in_time = await _until(condition)

        def result() -> None:
            if not in_time:
                raise AssertionError(f"not within {_SECONDS:g} s")

        self.report.attempt(behaviour, result)

    def _state(self, seat: str = _SEAT) -> str:
        return next(
            str(seat_now["state"]) for seat_now in self._hotline.ask("status")["seats"] if seat_now["seat"] == seat
        )

    def _answered(self, number: str, earlier: Collection[str] = ()) -> SignallingCall | None:
        """Return the call that the hotline made to a number, if it was answered; calls in ``earlier`` do not count."""
        legs = [leg for leg in list(self._carrier.legs.values()) if leg.invite and leg.call_id not in earlier]
        return next((leg for leg in legs if leg.invite and leg.invite.user == number and leg.answered), None)

    def _is_held(self) -> bool:
        return any(call["held"] for call in self._hotline.calls())

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._carrier.sound.recv(2048):
                pass

    def _is_heard(self) -> bool:
        """Return whether the carrier receives sound that is not silence now."""
        values: set[int] = set()
        with contextlib.suppress(BlockingIOError):
            while packet := self._carrier.sound.recv(2048):
                values |= set(packet[12:])
        return len(values) > 20  # values of A-law; silence has two


async def _until(condition: Callable[[], object]) -> bool:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        if await asyncio.to_thread(condition):
            return True
        await asyncio.sleep(0.05)
    return False


def _registry() -> dict[str, Any]:
    seats = [{**seat, "transport": "tls"} if seat["number"] == _OVER_TLS else seat for seat in registry()["seats"]]
    return registry(seats=seats)
