"""The steps of a line, from the end of its notice to the message at the end."""

from dataclasses import dataclass, replace
from datetime import datetime

from ivr.call_events.values import Reason
from ivr.registry.model import Group, GroupKind, Line, Menu, Mode, Place, Registry
from ivr.routing.calendar import is_open
from ivr.routing.plan import Agents, AskMenu, Live, Message, OfferCenter, OfferExpert, Say, Step

OPENING = "opening"  # the prompt that greets, and says that calls are recorded
MERGED = "merged-recorded"  # the number is part of 12345 now, and the call is recorded
DUAL = "dual-recorded"  # 12345 answers the number, and the call is recorded
SAYS_RECORDED = frozenset({OPENING, MERGED, DUAL, "recorded"})
"""Prompts that say that the call is recorded (通话将被录音). The caller hears one before any party is joined."""

_POLICE = "110"  # the emergency numbers that a caller hears if the needed service is not known


@dataclass(frozen=True, slots=True)
class Service:
    """The registry at one moment: the steps that follow from it for a caller."""

    registry: Registry
    at: datetime
    live: Live

    @property
    def general(self) -> str:
        """The name of the pooled agents' group (话务座席)."""
        return general_group(self.registry)

    def line(self, line: Line, reason: Reason, topic: str = "") -> tuple[Step, ...]:
        """Return the steps of ``line`` after its notice; ``reason`` is the reason of its first step."""
        if line.mode is Mode.SUBCENTER:
            return self._center(line, topic)
        if line.mode is Mode.DUAL:
            return self._dual(line, topic)
        return self._opening(line, OPENING, reason, line.place)

    def merged(self, entry: Line, line: Line) -> tuple[Step, ...]:
        """Return the steps of a merged number: one notice, then ``line``, to which the chain of ``entry`` leads.

        The notice takes the place of the hotline's opening, so that the caller hears one of the two.
        """
        if line.mode is Mode.HOTLINE:
            return self._opening(line, MERGED, Reason.MERGED, entry.place)
        return (Say((MERGED,), Reason.MERGED, entry.place), *self.line(line, Reason.CHAIN))

    def transfer(self, group: str, topic: str, reason: Reason, place: Place | None) -> tuple[Step, ...]:
        """Tell the caller that an agent comes, if one is signed in, and wait for the agent."""
        pooled = self.pooled(group, False, topic, reason, place)
        return (Say(("transferring",), reason, place), *pooled) if _reach_agents(pooled) else pooled

    def silence(self, menu: Menu) -> tuple[Step, ...]:
        """Return the steps of a caller who does nothing at a menu: an agent at once; no prompt delays the ringing."""
        return self.pooled(menu.human, False, "", Reason.NO_CHOICE, menu.place)

    def urgent(self, group: str, number: str, place: Place) -> tuple[Step, ...]:
        """Return the steps of a caller in an emergency who waits for an agent, ahead of every other caller.

        Args:
            group: the group whose agents are rung.
            number: 110, 119, …, or `plan.ANY_EMERGENCY`.
            place: the place in the registry that leads here.
        """
        dialled = number if number.isdigit() else _POLICE
        alone = Say(("emergency-alone", *(f"phone/{digit}" for digit in dialled)), Reason.EMERGENCY, place)
        *waits, message = self.pooled(group, False, "", Reason.EMERGENCY, place)
        agents = next((step for step in waits if isinstance(step, Agents)), None)
        if agents is None:
            return (alone, message)
        notice = Say(("emergency-agent",), Reason.EMERGENCY, place)
        waiting = () if agents.group in self.live.free else (notice,)  # a phone that rings needs no announcement
        return (*waiting, replace(agents, emergency=number), alone, message)

    def pooled(
        self, group: str, needs_expert: bool, topic: str, reason: Reason, place: Place | None
    ) -> tuple[Agents | Message, ...]:
        """Wait in the queue of the group or of its overflow, then leave a message.

        If neither has an agent, the caller leaves a message at once.
        """
        group_asked = self.registry.groups[group]
        staffed = self._staffed_group(group_asked)
        if staffed is None:
            return (Message(Reason.NO_AGENT, group_asked.place),)
        if staffed is not group_asked:
            reason, place = Reason.NO_AGENT, group_asked.place
        return Agents(staffed.name, needs_expert, topic, reason, place), Message(Reason.FALLBACK, staffed.place)

    def _opening(self, line: Line, prompt: str, reason: Reason, place: Place) -> tuple[Step, ...]:
        """12345 itself: opening and menu, or straight to the agents (直通人工)."""
        menu = self.registry.menus.get(line.menu) if line.menu is not None else None
        if menu is None:
            agents = self.pooled(self.general, False, "", Reason.STRAIGHT, line.place)
            return (Say((prompt,), reason, place), *agents)
        return (AskMenu(menu.name, (prompt,), reason, place), *self.silence(menu))

    def _dual(self, line: Line, topic: str) -> tuple[Step, ...]:
        """双号并行: the expert seat if the line has one, then the pooled agents."""
        if line.expert is None:
            return self.pooled(self.general, False, topic, Reason.DUAL, line.place)
        absent = self._expert_absent(line, line.expert)
        if absent is not None:  # without a prompt, because the caller still gets an answer
            return self.pooled(self.general, True, topic, absent, line.place)
        offer = OfferExpert(line.expert, self.registry.timers.expert, Reason.EXPERT, line.place, topic)
        return (offer, *self._instead("expert-away", True, topic, Reason.FALLBACK, line.place))

    def _center(self, line: Line, topic: str) -> tuple[Step, ...]:
        """设分中心: the center's own seats through the carrier, afterwards the pooled agents."""
        if not self._open(line):
            return self._instead("center-away", False, topic, Reason.CLOSED, line.place)
        reach = line.reach or line.number
        offer = OfferCenter(line.number, reach, self.registry.timers.center, Reason.SUBCENTER, line.place)
        return (offer, *self._instead("center-away", False, topic, Reason.FALLBACK, line.place))

    def _instead(self, prompt: str, needs_expert: bool, topic: str, reason: Reason, place: Place) -> tuple[Step, ...]:
        """Tell the caller the reason for the pooled agents if an agent is signed in, and wait for an agent."""
        pooled = self.pooled(self.general, needs_expert, topic, Reason.FALLBACK, place)
        return (Say((prompt,), reason, place), *pooled) if _reach_agents(pooled) else pooled

    def _expert_absent(self, line: Line, expert: str) -> Reason | None:
        """Return the reason not to ring the expert group; None if it can be rung."""
        if not self._open(line):
            return Reason.CLOSED
        if expert not in self.live.signed_in:
            return Reason.EXPERT_AWAY
        return None if expert in self.live.free else Reason.EXPERT_BUSY

    def _open(self, line: Line) -> bool:
        hours = self.registry.hours[line.hours] if line.hours is not None else None
        return is_open(hours, self.registry, self.at)

    def _staffed_group(self, group: Group) -> Group | None:
        """Return the group, or the first of its chain of overflow groups, that has a signed-in seat."""
        passed_groups: list[str] = []
        following: str | None = group.name
        while following is not None and following not in passed_groups:
            if following in self.live.signed_in:
                return self.registry.groups[following]
            passed_groups.append(following)
            following = self.registry.groups[following].overflow
        return None


def general_group(registry: Registry) -> str:
    """Return the name of the pooled agents' group (话务座席)."""
    return next(group.name for group in registry.groups.values() if group.kind is GroupKind.GENERAL)


def _reach_agents(steps: tuple[Step, ...]) -> bool:
    return any(isinstance(step, Agents) for step in steps)
