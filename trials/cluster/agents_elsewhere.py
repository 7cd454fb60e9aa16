"""Agents and the callers of another node: consult, three parties in one call, expert, emergency, supervisor."""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from ivr.asterisk import steps
from ivr.asterisk.ami.manager import Ami
from ivr.asterisk.queue_names import queue_name
from ivr.asterisk.steps import Offered
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import EmergencyStarted
from ivr.people.rights import Act
from ivr.runtime import hotline_facts, secrets
from ivr.runtime.layout import Home
from testkit.signalling import SignallingCall
from testkit.waiting_async import until
from trials.cluster.callers import GROUP, Callers, ClusterCaller
from trials.cluster.running_cluster import RunningCluster

EXPERT, EXPERTS_LINE, EXPERTS_GROUP = "8348", "12348", "expert-12348"
SUPERVISOR = "8030"
_CENTER, _SERVICE, _MENU = "12313", "119", "12345"
_NOISE_VALUES = 200  # different values of A-law in four packets of noise; music has fewer values
_LAST = 4  # packets that are checked


class AgentsElsewhere:
    """The scenes, one after another: callers come in at ``node``, the home of the agents' group is ``home``.

    The home of the experts' group is ``node``.
    """

    def __init__(self, cluster: RunningCluster, callers: Callers, node: str, home: str) -> None:
        self._cluster, self._callers, self._node, self._home = cluster, callers, node, home
        self._expert: list[SignallingCall] = []
        self._supervisor: list[SignallingCall] = []
        self._next = 0

    async def play(self) -> None:
        """Play all scenes, and check the record of each call."""
        cluster = self._cluster
        cluster.carrier.on_invite, at_carrier = SignallingCall.answer, cluster.carrier.on_invite
        cluster.phones.on_invite, at_agents = self._rings(cluster.phones.on_invite), cluster.phones.on_invite
        await self._sign_in_expert()
        await self._three_in_one_call()
        await self._expert_is_consulted()
        await self._expert_is_offered_callers_of_both_nodes()
        await self._emergency()
        await self._supervisor_takes_over()
        await self._sign_out_expert()
        cluster.carrier.on_invite, cluster.phones.on_invite = at_carrier, at_agents

    def _rings(self, ring_agent: Callable[[SignallingCall], None]) -> Callable[[SignallingCall], None]:
        def rings(leg: SignallingCall) -> None:
            assert leg.invite
            if leg.invite.user in (EXPERT, SUPERVISOR):
                leg.answer()
                (self._expert if leg.invite.user == EXPERT else self._supervisor).append(leg)
            else:
                ring_agent(leg)

        return rings

    async def _sign_in_expert(self) -> None:
        await self._cluster.phones.register(EXPERT, self._password(EXPERT))
        self._cluster.phones.call("*81", EXPERT, password=self._password(EXPERT))
        await until(lambda: self._at(EXPERT) == {self._node}, "the expert is signed in, and both nodes know it")

    async def _sign_out_expert(self) -> None:
        self._cluster.phones.call("*80", EXPERT, password=self._password(EXPERT))
        await until(lambda: self._at(EXPERT) == {""}, "the expert is signed out, and both nodes know it")

    def _password(self, number: str) -> str:
        seats = self._cluster.nodes[self._node].ask("seats")
        return str(next(account["password"] for account in seats if account["seat"] == number))

    def _at(self, seat: str) -> set[str]:
        nodes: set[str] = set()
        for node in self._cluster.nodes.values():
            seats = node.ask("status")["seats"]
            nodes |= {row["node"] if row["signed_in"] else "" for row in seats if row["seat"] == seat}
        return nodes

    def _state(self, number: str) -> str:
        """Return the state of a seat, as the node of the caller shows it."""
        seats = self._cluster.nodes[self._node].ask("status")["seats"]
        return str(next(seat["state"] for seat in seats if seat["seat"] == number))

    def _expert_is_ready(self) -> bool:
        seats = [row for node in self._cluster.nodes.values() for row in node.ask("status")["seats"]]
        return all(row["state"] == "ready" for row in seats if row["seat"] == EXPERT)

    async def _three_in_one_call(self) -> None:
        citizen, agent = await self._talking()
        await agent.press(f"*2{_CENTER}")
        center = await until(lambda: self._center(_CENTER), "the center rings")
        await until(lambda: self._legs(citizen.number, "consult") == [(_CENTER, "answered")], "the center has answered")
        await agent.press("*3")
        citizen.leg.speak()
        await until(_hears(center), "the center hears the citizen")
        await until(_hears(agent), "the agent hears the citizen")
        agent.hang_up()
        await until(_hears(center), "the center hears the citizen without the agent")
        citizen.leg.hang_up()
        await until(lambda: center.ended, "the center's call ends with the citizen's")
        await self._recorded(citizen.number, [(citizen.taken[0], "answered"), (_CENTER, "answered")])

    async def _expert_is_consulted(self) -> None:
        citizen, agent = await self._talking()
        await agent.press(f"*2{EXPERTS_LINE}")
        expert = await until(lambda: self._expert.pop() if self._expert else None, "the expert's phone rings")
        assert expert.invite
        assert citizen.number in expert.invite.get("from"), "the expert sees the citizen"
        await until(lambda: self._legs(citizen.number, "consult") == [(EXPERTS_LINE, "answered")], "the expert talks")
        await agent.press("*4")
        await until(lambda: agent.ended, "the agent's call ends once citizen and expert are connected")
        citizen.leg.speak()
        await until(_hears(expert), "the expert hears the citizen")
        citizen.leg.hang_up()
        await until(lambda: expert.ended, "the expert's call ends with the citizen's")
        await self._recorded(citizen.number, [(citizen.taken[0], "answered"), (EXPERTS_LINE, "answered")])

    async def _expert_is_offered_callers_of_both_nodes(self) -> None:
        nodes = set()
        for _again in self._cluster.names:
            await until(self._expert_is_ready, "the expert is ready again, and both nodes know it")
            number = self._number()
            leg = self._cluster.citizens.call(EXPERTS_LINE, number)
            expert = await until(lambda: self._expert.pop() if self._expert else None, "the expert's phone rings")
            assert expert.invite
            assert (expert.invite.caller, expert.invite.get("X-Hotline-Line")) == (number, EXPERTS_LINE)
            leg.speak()
            await until(_hears(expert), "the expert hears the citizen")
            leg.hang_up()
            record = await self._recorded(number, [(EXPERT, "answered")])
            nodes.add(record["call_id"].rpartition("-")[0])
        assert nodes == set(self._cluster.names)

    async def _emergency(self) -> None:
        """The dialplan makes the offer of the script, because without a recogniser here no caller can cry for help."""
        citizen = await self._caller(_MENU)
        console = self._callers.console(self._node)
        shown = (await console.run("core show channels concise")).splitlines()
        channel = next(line.split("!")[0] for line in shown if f"!{citizen.number}!" in line)
        _name, event = encode(EmergencyStarted(_SERVICE, GROUP))
        offered = Offered(event, "", citizen.number)
        offer = steps.join_service(offered, queue=queue_name(GROUP), number=_SERVICE, caller=citizen.number)
        words = f"Gosub({offer.context},{offer.extension},1({','.join(offer.arguments)}))"
        await console.run(f"dialplan add extension s,1,{words} into trial-emergency")
        home = Home(self._cluster.nodes[self._node].home)
        facts = hotline_facts.read(home.hotline)
        ami = Ami("127.0.0.1", facts.ami_port, "engine", secrets.load_or_make(home.secrets, ()).ami_password)
        await ami.connect()
        await ami.action("Redirect", Channel=channel, Context="trial-emergency", Exten="s", Priority="1")
        ami.close()
        agent = await until(lambda: citizen.seat_leg, "an agent's phone rings, of the other node")
        assert agent.invite
        assert agent.invite.get("X-Hotline-Emergency") == _SERVICE
        service = await until(lambda: self._center(_SERVICE), "the service rings")
        citizen.leg.speak()
        await until(_hears(service), "the service hears the citizen")
        await until(_hears(agent), "the agent hears the citizen")
        agent.hang_up()
        await until(_hears(service), "the service hears the citizen without the agent")
        citizen.leg.hang_up()
        await until(lambda: service.ended, "the service's call ends with the citizen's")
        await self._recorded(citizen.number, [(_SERVICE, "answered"), (citizen.taken[0], "answered")])

    async def _supervisor_takes_over(self) -> None:
        """The supervisor's desk is at the node where the citizen came in; the agent's call is at the other node."""
        await self._cluster.phones.register(SUPERVISOR, self._password(SUPERVISOR))
        citizen, agent = await self._talking()
        seat = citizen.taken[0]
        await until(lambda: self._state(seat) == "in-call", "the supervisor's desk shows that the agent talks")
        await self._act(Act.LISTEN, seat=seat)
        supervisor = await until(
            lambda: self._supervisor.pop() if self._supervisor else None, "the supervisor's phone rings"
        )
        citizen.leg.speak()
        await until(_hears(supervisor), "the supervisor hears the citizen")
        citizen.leg.stop()
        citizen.leg.speak(silently=True)  # Asterisk mixes a whisper with what the agent is sent
        await self._act(Act.WHISPER)
        supervisor.speak()
        await until(_hears(agent), "the agent hears the supervisor")
        assert not _hears(citizen.leg)(), "the citizen hears the whisper"
        await self._act(Act.TAKE_OVER)
        await until(lambda: agent.ended, "the agent's call is over")
        await until(_hears(citizen.leg), "the citizen hears the supervisor")
        citizen.leg.hang_up()
        await until(lambda: supervisor.ended, "the supervisor's call ends with the citizen's")
        watched = [(SUPERVISOR, "answered")] * 3  # listens, whispers, takes over
        await self._recorded(citizen.number, [(seat, "answered"), *watched])

    async def _act(self, act: Act, **args: str) -> None:
        """Do an act of the supervisor's desk, which the node of the caller serves, once that node knows of the call."""
        ask = self._cluster.nodes[self._node].ask
        does = partial(ask, "act", act=act.value, seat=SUPERVISOR, by="supervisor", args=args)
        await until(lambda: "error" not in does(), f"the other node does {act}")

    async def _talking(self) -> tuple[ClusterCaller, SignallingCall]:
        """Return a caller at `_node` and the call of the agent, who works at `_home`, when both talk."""
        caller = await self._caller()
        agent = await until(lambda: caller.seat_leg, "an agent answers")
        console = self._callers.console(self._home)

        async def talk() -> bool:
            shown = [line.split("!") for line in (await console.run("core show channels concise")).splitlines()]
            return any(channel[0].startswith(f"PJSIP/{caller.taken[0]}-") and channel[-2] for channel in shown)

        while not await talk():
            pass
        return caller, agent

    async def _caller(self, line: str = "") -> ClusterCaller:
        """Return a caller whose call came in at `_node`."""
        while True:
            (caller,) = await self._callers.place([self._number()], *([line] if line else []))
            if caller.node == self._node:
                return caller
            caller.leg.hang_up()

    def _number(self) -> str:
        self._next += 1
        return f"135{self._next:08}"

    def _center(self, number: str) -> SignallingCall | None:
        legs = [leg for leg in self._cluster.carrier.legs.values() if leg.invite and leg.invite.user == number]
        return next((leg for leg in legs if leg.answered and not leg.ended), None)

    def _legs(self, caller: str, kind: str) -> list[tuple[str, str]]:
        calls = [record for record in self._cluster.nodes[self._node].ask("calls") if record["caller"] == caller]
        return [(leg["target"], leg["result"]) for record in calls for leg in record["legs"] if leg["kind"] == kind]

    async def _recorded(self, caller: str, legs: list[tuple[str, str]]) -> dict[str, Any]:
        """Return the only record of a caller, when it has these legs, because each node imports its part."""

        def finished_record() -> dict[str, Any] | None:
            records = [record for record in self._cluster.nodes[self._node].ask("calls") if record["caller"] == caller]
            legs_of_records = [sorted((leg["target"], leg["result"]) for leg in record["legs"]) for record in records]
            is_finished = [record["outcome"] for record in records] == ["answered"] and records[0]["ended_at"]
            return records[0] if is_finished and legs_of_records == [sorted(legs)] else None

        record: dict[str, Any] = await until(finished_record, f"{caller} has one record, with {legs}")
        return record


def _hears(leg: SignallingCall) -> Callable[[], bool]:
    """Return a function for `until`: whether the last packets of a call are noise; earlier packets may be music."""
    packets: deque[bytes] = deque(maxlen=_LAST)

    def hears() -> bool:
        packets.extend(leg.received())
        return len(set(b"".join(packets))) >= _NOISE_VALUES

    return hears
