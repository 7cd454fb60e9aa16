"""Monitors each trunk: registration, OPTIONS, last calls. Reports a trunk that goes down or comes back."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.config.console import Console, ConsoleError
from ivr.asterisk.config.trunk_listings import answering, mark, registered
from ivr.asterisk.variables import Variable
from ivr.engine.background_task import BackgroundTask
from ivr.engine.host_lookup import HostPlace, places
from ivr.registry.trunk_model import Trunk
from ivr.routing.calendar import CITY_TIME
from ivr.signalling.hep import CapturedPacket
from ivr.signalling.refused_requests import RefusalWatch, RequestRefusal
from ivr.signalling.silent_invites import SilentInvite, SilentInvites
from ivr.signalling.sip_message import ParsedSip
from ivr.signalling.trunk_traffic import HostAddress, TrunkTraffic
from ivr.site.trunk_settings import contact_uri, port_of
from ivr.texts import _

log = logging.getLogger(__name__)

_EVERY = 0.25  # seconds between two looks for INVITEs without a response
_LISTED_EVERY = 5.0  # seconds between two questions to Asterisk
_RESOLVED_EVERY = 60.0
# Seconds: a second OPTIONS request without a response. One lost request, or a renewed registration, is no fault.
_DOWN_AFTER = 25.0
_CONGESTION = "34"  # Q.850: the dialplan goes on with the next route


@dataclass(frozen=True, slots=True)
class HostState:
    """One host of a trunk."""

    host: str
    answers: bool | None  # OPTIONS; None if no OPTIONS was sent to it


@dataclass(frozen=True, slots=True)
class TrunkState:
    """One trunk."""

    name: str
    registered: bool | None  # None if the trunk has no registration
    hosts: tuple[HostState, ...]

    @property
    def is_up(self) -> bool:
        """Whether the trunk can take calls; a host without OPTIONS counts as up."""
        return self.registered is not False and any(host.answers is not False for host in self.hosts)


class TrunkMonitor(BackgroundTask):
    """Watches the trunks while its context is open."""

    def __init__(
        self,
        ami: Ami,
        console: Console,
        trunks: Callable[[], tuple[Trunk, ...]],
        refused: Callable[[list[RequestRefusal]], None],
        changed: Callable[[TrunkState], None],
        moved: Callable[[Mapping[str, tuple[str, ...]]], Awaitable[None]],
        sent_by_asterisk: Callable[[CapturedPacket], bool],
    ) -> None:
        """Watch nothing before the context is entered.

        Args:
            ami: may connect later.
            console: of Asterisk, which may start later.
            trunks: returns the trunks in force.
            refused: gets requests that were refused.
            changed: gets a trunk that went down or came back.
            moved: gets the addresses of all hosts, by name, if DNS gives other addresses than before.
            is_ours: tells whether Asterisk sent a packet.
        """
        self._ami, self._console, self._trunks = ami, console, trunks
        self._refused, self._changed, self._moved, self._sent_by_asterisk = refused, changed, moved, sent_by_asterisk
        self._places: dict[tuple[str, str], tuple[HostPlace, ...]] = {}  # by trunk and host
        self._traffic, self._silent, self._refusals = TrunkTraffic(), SilentInvites(), RefusalWatch()
        self._states: dict[str, TrunkState] = {}
        self._down_since: dict[str, float] = {}
        self._reported_down: set[str] = set()

    def watch(self, packet: CapturedPacket, message: ParsedSip) -> None:
        """Take the message in a packet; only INVITE and REGISTER transactions count."""
        if message.method not in ("INVITE", "REGISTER"):
            return
        to_host = self._traffic.host(packet.destination)
        if not message.status:
            if message.method == "INVITE" and to_host:
                if ";tag=" not in message.get("to"):
                    self._traffic.invite_out(message.call_id, to_host)
                    self._silent.sent(message.call_id, packet.destination, time.monotonic())
            elif message.method == "INVITE" and self._sent_by_asterisk(packet) and ";tag=" not in message.get("to"):
                self._refusals.went_out(message, packet.destination, packet.at)
            elif message.method in ("INVITE", "REGISTER") and not to_host and ";tag=" not in message.get("to"):
                self._traffic.invite_in(packet.source, packet.at)
                self._refusals.came_in(message, packet.source, packet.at)
        elif self._traffic.is_out(message.call_id) and not to_host:
            self._silent.answered(message.call_id)
            self._traffic.response(message, packet.at)
        elif refusal := self._refusals.responded(message, packet.at):
            self._refused([refusal])

    def listing(self) -> list[dict[str, Any]]:
        """Return the state of each trunk for `ivr status`, metrics and doctor."""
        return [self._listed(self._states.get(trunk.name) or _unknown(trunk)) for trunk in self._trunks()]

    def _listed(self, state: TrunkState) -> dict[str, Any]:
        failure = self._traffic.failures.get(state.name)
        return {
            "trunk": state.name,
            "up": state.is_up,
            "registered": state.registered,
            "hosts": [{"host": host.host, "answers": host.answers} for host in state.hosts],
            "last_in": _iso(self._traffic.last_in.get(state.name)),
            "last_out": _iso(self._traffic.last_out.get(state.name)),
            "last_failure": _iso(failure.at if failure else None),
            "failure": (failure.reason or _("no response within 2 s")) if failure else "",
            "failed_host": failure.host if failure else "",
        }

    async def _work(self) -> None:
        listed_at = resolved_at = 0.0
        while True:
            now = time.monotonic()
            if now - resolved_at >= _RESOLVED_EVERY or resolved_at == 0.0:
                resolved_at = now
                await self._resolve()
            if now - listed_at >= _LISTED_EVERY:
                listed_at = now
                await self._list()
                if overdue := self._refusals.overdue(time.time()):
                    self._refused(overdue)
            for silent in self._silent.silent(time.monotonic()):
                await self._end(silent)
            await asyncio.sleep(_EVERY)

    async def _resolve(self) -> None:
        """Look the hosts up; a name that DNS does not know now keeps its addresses."""
        pairs = [(trunk, host) for trunk in self._trunks() for host in trunk.hosts]
        new_places = {
            (trunk.name, str(host)): await places(host, trunk.transport, port_of(trunk, host))
            or self._places.get((trunk.name, str(host)), ())
            for trunk, host in pairs
        }
        self._traffic.know(
            tuple(
                HostAddress(trunk, host, place.address, place.port)
                for (trunk, host), host_places in new_places.items()
                for place in host_places
            )
        )
        earlier_places, self._places = self._places, new_places
        if moved_hosts := [
            host
            for (trunk, host) in new_places
            if earlier_places.get((trunk, host), new_places[trunk, host]) != new_places[trunk, host]
        ]:
            log.warning(_("hosts of trunks have other addresses now: %s"), ", ".join(moved_hosts))
            addresses = {host.name: _addresses(new_places[trunk.name, str(host)]) for trunk, host in pairs}
            await self._moved({name: host_addresses for name, host_addresses in addresses.items() if host_addresses})

    async def _list(self) -> None:
        try:
            contacts = answering(await self._console.run("pjsip show contacts"))
            accounts = registered(await self._console.run("pjsip show registrations"))
        except ConsoleError as error:
            log.debug("trunks are not listed: %s", error)
            return
        for trunk in self._trunks():
            state = _state(trunk, contacts, accounts)
            self._states[trunk.name] = state
            self._report_change(state, time.monotonic())
            if trunk.registration:
                value = "" if state.registered else "yes"
                await self._set_global_variable(f"{Variable.UNREGISTERED}_{trunk.name}", value)

    async def _set_global_variable(self, variable: str, value: str) -> None:
        """Set a global variable of the dialplan, if Asterisk runs."""
        try:
            await self._ami.action("Setvar", Variable=variable, Value=value)
        except AmiError as error:
            log.debug("%s is not set: %s", variable, error)

    def _report_change(self, state: TrunkState, now: float) -> None:
        """Report once that a trunk has been down for `_DOWN_AFTER`, and once that it is up again."""
        if state.is_up:
            self._down_since.pop(state.name, None)
            if state.name in self._reported_down:
                self._reported_down.remove(state.name)
                self._report(state)
        elif (
            now - self._down_since.setdefault(state.name, now) >= _DOWN_AFTER and state.name not in self._reported_down
        ):
            self._reported_down.add(state.name)
            self._report(state)

    def _report(self, state: TrunkState) -> None:
        if state.is_up:
            log.warning(_("trunk %s is up again"), state.name)
        elif state.registered is False:
            log.error(_("trunk %s is down: the carrier does not register the hotline"), state.name)
        else:
            log.error(_("trunk %s is down: no host answers OPTIONS"), state.name)
        self._changed(state)

    async def _end(self, silent: SilentInvite) -> None:
        """End the leg whose INVITE got no response; the dialplan then goes on with the next route."""
        try:
            channels = await self._ami.listing("CoreShowChannels")
            names = [event["Channel"] for event in channels if event.get("Event") == "CoreShowChannel"]
            trunks = {trunk.name for trunk in self._trunks()}
            for name in names:
                if name.removeprefix("PJSIP/").rpartition("-")[0] not in trunks:
                    continue
                response = await self._ami.action("Getvar", Channel=name, Variable="CHANNEL(pjsip,call-id)")
                if response.get("Value") == silent.call_id:
                    await self._ami.action("Hangup", Channel=name, Cause=_CONGESTION)
                    log.warning(_("%s:%d did not answer INVITE within 2 s; the next trunk is tried"), *silent.host)
        except AmiError as error:
            log.debug("an INVITE without a response was not given up: %s", error)
        self._traffic.silent(silent.call_id, time.time())


def _state(trunk: Trunk, contacts: Mapping[tuple[str, str], bool | None], accounts: Mapping[str, bool]) -> TrunkState:
    hosts = tuple(
        HostState(str(host), contacts.get((trunk.name, mark(contact_uri(trunk, host))))) for host in trunk.hosts
    )
    return TrunkState(trunk.name, accounts.get(trunk.name, False) if trunk.registration else None, hosts)


def _unknown(trunk: Trunk) -> TrunkState:
    return TrunkState(trunk.name, None, tuple(HostState(str(host), None) for host in trunk.hosts))


def _addresses(host_places: tuple[HostPlace, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place.address for place in host_places))


def _iso(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, CITY_TIME).isoformat(timespec="seconds")
