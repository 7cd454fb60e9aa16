"""A carrier and seats' phones that send raw SIP to a running hotline: dozens of calls at little processor time."""

import asyncio
from collections.abc import Awaitable
from types import TracebackType
from typing import Self

from ivr.asterisk.config.console import Console
from ivr.asterisk.queue_names import queue_name
from ivr.runtime.layout import Home
from testkit.hotline.running import RunningHotline
from testkit.signalling import Port, SignallingCall
from testkit.waiting_async import until


class RawSipHotline:
    """A hotline with its raw SIP peers. The context manager opens the carrier's port, and ends all calls at its end."""

    def __init__(self, hotline: RunningHotline, carrier_port: int) -> None:
        self.hotline = hotline
        self.carrier = Port()
        self.seats: dict[str, Port] = {}
        self._carrier_port = carrier_port

    async def __aenter__(self) -> Self:
        await self.carrier.open(self._carrier_port)
        self.carrier.at(self.hotline.server)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ports = [self.carrier, *self.seats.values()]
        for port in ports:
            for leg in list(port.legs.values()):
                leg.hang_up()
        try:
            await until(lambda: not self.hotline.ask("status")["calls"], "no call is up")
        finally:
            for port in ports:
                port.close()

    async def seat(self, number: str, group: str = "general", at: Port | None = None) -> Port:
        """Register a seat's phone, which answers each call, and sign the seat in; ``at`` is another phone."""
        port = self.seats[number] = at or await Port().open()
        port.at(self.hotline.server)
        port.on_invite = SignallingCall.answer
        await port.register(number, self.hotline.password(number))
        await self.console(f"queue add member PJSIP/{number} to {queue_name(group)} penalty 0 as {number}")
        return port

    async def staff(self, *numbers: str) -> list[Port]:
        """Register and sign in seats of the group `general`."""
        return [await self.seat(number) for number in numbers]

    async def console(self, command: str) -> str:
        """Give a command on Asterisk's console."""
        return await Console(Home(self.hotline.home).asterisk_socket).run(command)

    async def served(self, caller: str, number: str = "12369") -> tuple[SignallingCall, SignallingCall]:
        """Have a citizen call; return the calls of citizen and agent when the two hear each other."""
        citizen = self.carrier.call(number, caller)
        agent = await until(lambda: self.agent_of(caller), f"an agent answers {caller}")
        # Between the agent's answer and the bridge, Asterisk knows no party to transfer or to consult for.
        await until(lambda: asyncio.run(self._bridged(agent)), f"{caller} and the agent are in one bridge")
        return citizen, agent

    async def _bridged(self, agent: SignallingCall) -> bool:
        """Return whether each channel of the seat that answered is in a bridge, and not alone there."""
        assert agent.invite
        shown = [line.split("!") for line in (await self.console("core show channels concise")).splitlines()]
        bridges = [fields[-2] for fields in shown]
        seat = [fields[-2] for fields in shown if fields[0].startswith(f"PJSIP/{agent.invite.user}-")]
        return bool(seat) and all(bridge and bridges.count(bridge) > 1 for bridge in seat)

    def agent_of(self, caller: str) -> SignallingCall | None:
        """Return the answered call of a seat that shows this caller."""
        legs = (leg for port in self.seats.values() for leg in list(port.legs.values()))
        return next(
            (leg for leg in legs if leg.invite and leg.invite.caller == caller and leg.answered and not leg.ended), None
        )

    def consulted(self, caller: str) -> bool:
        """Return whether the record of this caller's call has a consulted party who answered."""
        calls = (call for call in self.hotline.calls() if call["caller"] == caller)
        return any(leg["kind"] == "consult" and leg["answered_at"] for call in calls for leg in call["legs"])

    def center_for(self, agent: SignallingCall, number: str) -> SignallingCall | None:
        """Return the call to a center that this agent consults; None before it rings."""
        assert agent.invite
        call = agent.invite.get("x-hotline-call")
        legs = (leg for leg in list(self.carrier.legs.values()) if leg.invite and leg.invite.user == number)
        return next((leg for leg in legs if leg.invite and leg.invite.get("x-hotline-call") == call), None)

    async def consult(self, agent: SignallingCall, number: str) -> SignallingCall:
        """The agent presses ``*2`` and a number of the carrier's, which is rung; return that call."""
        await agent.press(f"*2{number}")
        found: SignallingCall = await until(lambda: self.center_for(agent, number), f"{number} rings")
        return found

    async def refer(self, agent: SignallingCall, target: str) -> int:
        """Press the transfer button, and return the final status code; after a success the phone hangs up."""
        agent.answers.pop("REFER", None)
        agent.notified.clear()
        agent.request("REFER", headers=(f"Refer-To: <{target}>",))

        def final_code() -> int | None:
            refused = agent.answers.get("REFER", 0)
            return refused if refused >= 300 else next((code for code in agent.notified if code >= 200), None)

        code: int = await until(final_code, f"a transfer to {target} ends")
        if code < 300:
            agent.hang_up()
        return code

    def state(self, seat: str) -> str:
        """Return the state of a seat in `ivr status`."""
        return next(str(row["state"]) for row in self.hotline.ask("status")["seats"] if row["seat"] == seat)


async def together(*scenes: Awaitable[object]) -> None:
    """Run coroutines side by side; raise all their failures."""
    results = await asyncio.gather(*scenes, return_exceptions=True)
    if errors := [result for result in results if isinstance(result, BaseException)]:
        raise ExceptionGroup("scenes", [error for error in errors if isinstance(error, Exception)])
