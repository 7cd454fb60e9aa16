"""Fifty reloads under twenty calls a second: each call reaches its target from before or after the change."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from itertools import count, cycle
from typing import Any

import yaml

from ivr.asterisk.config.console import Console
from ivr.control import control_client
from ivr.runtime.layout import Home
from ivr.site import staging
from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import RunningHotline
from testkit.signalling import Port, SignallingCall

_RELOADS = 50
_INTERVAL = 1.4  # seconds between the beginnings of two reloads
_RATE = 20  # calls a second
_SEATS = tuple(str(number) for number in range(8001, 8031))
_SEAT = "a seat"
_TIMERS = {"expert": 20, "center": 20, "seat": 20, "menu": 5, "message": 10, "rating": 0}
_LIMITS = {"caller": 20, "trunk": 600}
_KEY = "4"  # of the menu: leads to one of two centers
_PRESSES = 1.5  # seconds after the answer
_TALKS = 0.3  # seconds
_ENDS = 60.0  # seconds after the last call came in
# The targets of each number; if there are two, the second target is that of every other registry.
_TARGETS = {
    "12367": ("12367",),
    "12369": (_SEAT,),
    "12305": ("12305",),
    "12319": (_SEAT, "12319"),
    "12345": ("12313", "12366"),
}


@dataclass
class Citizen:
    """One caller: dials, presses a key if there is a menu, talks for a moment, and hangs up."""

    number: str
    dialled: str
    leg: SignallingCall
    versions: set[int]  # versions of the registry in force between dialling and answer
    answered_by: list[str] = field(default_factory=list)
    misrouting: str = ""

    @property
    def expected_targets(self) -> set[str]:
        """The right targets of the call: a center's number, or any seat."""
        targets = _TARGETS[self.dialled]
        return {targets[version % len(targets)] for version in self.versions}

    @property
    def failed(self) -> str:
        """The reason if no party served the caller, else ""."""
        if not self.answered_by:
            return f"{self.number} to {self.dialled}: nobody answered ({self.leg.code})"
        return "" if self.leg.by_us else f"{self.number} to {self.dialled}: hung up on ({self.leg.code})"


def registry(version: int) -> dict[str, Any]:
    """Return the registry of the reload with this number; its routes differ from those of the reload before."""
    shipped = quick_registry(timers=_TIMERS, limits=_LIMITS)
    turn = version % 2
    changed: dict[str, dict[str, Any]] = {
        "12369": {"name": f"环境保护投诉举报电话 第{version}版"},
        "12319": {"mode": "subcenter"} if turn else {},
    }
    menu, groups = shipped["menus"]["main"], shipped["groups"]
    key = {"key": _KEY, "line": _TARGETS["12345"][turn], "topic": "分中心"}
    limits = {"general": 200 + version, "expert-12333": 20 + version % 3}
    seat = {"number": "8050", "name": "临时座席", "groups": ["general"]}
    return {
        **shipped,
        "lines": [{**line, **changed.get(line["number"], {})} for line in shipped["lines"]],
        "menus": {**shipped["menus"], "main": {**menu, "keys": [*menu["keys"], key]}},
        "groups": {**groups, **{name: {**groups[name], "limit": limit} for name, limit in limits.items()}},
        "seats": [*shipped["seats"], seat] if version % 5 == 0 else shipped["seats"],
    }


class SteadyCalls:
    """Calls at a steady rate, and the seats and centers that take them."""

    def __init__(self, carrier: Port, citizens: Port, phones: Port) -> None:
        self._carrier, self._citizens = carrier, citizens
        carrier.on_invite = phones.on_invite = self._rings
        self.citizens: dict[str, Citizen] = {}
        self.versions = {0}
        """The versions of the registry in force now: two versions during a reload."""

    async def place_calls(self) -> None:
        """Place calls until cancelled."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        for at, dialled in zip(count(), cycle(_TARGETS)):
            await asyncio.sleep(max(0.0, began + at / _RATE - loop.time()))
            number = f"137{at:08}"
            leg = self._citizens.call(dialled, number)
            self.citizens[number] = citizen = Citizen(number, dialled, leg, set(self.versions))
            leg.on_answer = partial(self._answered, citizen)

    async def end(self) -> None:
        """Wait until each caller is served, or the time is over."""
        try:
            async with asyncio.timeout(_ENDS):
                while True:
                    if all(citizen.leg.ended for citizen in self.citizens.values()):
                        return
                    await asyncio.sleep(0.1)
        except TimeoutError:
            for citizen in self.citizens.values():
                citizen.leg.hang_up()

    def _answered(self, citizen: Citizen) -> None:
        citizen.versions |= self.versions
        if citizen.dialled == "12345":
            asyncio.get_running_loop().call_later(_PRESSES, citizen.leg.keys, _KEY)

    def _rings(self, leg: SignallingCall) -> None:
        assert leg.invite
        citizen = self.citizens[leg.invite.caller]
        target = leg.invite.user if leg.port is self._carrier else _SEAT
        line = leg.invite.get("X-Hotline-Line")
        if target not in citizen.expected_targets or line != citizen.dialled or citizen.answered_by:
            citizen.misrouting = f"{citizen.number} to {citizen.dialled} rang at {leg.invite.user} for {line}"
        citizen.answered_by.append(leg.invite.user)
        leg.answer()
        asyncio.get_running_loop().call_later(_TALKS, citizen.leg.hang_up)


async def reloads() -> tuple[list[str], list[str]]:
    """Run the trial; return the row of the table and the faults, a line each."""
    carrier, phones, citizens = ports = [await Port().open() for _ in range(3)]
    load = SteadyCalls(carrier, citizens, phones)
    texts = [yaml.safe_dump(registry(version), allow_unicode=True, sort_keys=False) for version in range(_RELOADS + 1)]
    loop = asyncio.get_running_loop()
    with RunningHotline(f"127.0.0.1:{carrier.number}", registry(0)) as hotline:
        for port in ports:
            port.at(hotline.server)
        console = Console(Home(hotline.home).asterisk_socket)
        for seat in _SEATS:
            await phones.register(seat, hotline.password(seat))
            await console.run(f"queue add member PJSIP/{seat} to group-general penalty 0 as {seat}")
        calling = asyncio.create_task(load.place_calls())
        began = loop.time()
        slowest, refused = 0.0, []
        for version in range(1, _RELOADS + 1):
            await asyncio.sleep(max(0.0, began + version * _INTERVAL - loop.time()))
            reload_began = loop.time()
            load.versions.add(version)
            try:
                staged = staging.stage(Home(hotline.home), texts[version], None)
                await asyncio.to_thread(hotline.ask, "reload", name=staged.name, file=f"version {version}")
            except (control_client.RequestRefused, control_client.NotRunning) as error:
                refused.append(f"reload {version}: {error}")
            else:
                load.versions = {version}
            slowest = max(slowest, loop.time() - reload_began)
        calling.cancel()
        seconds = loop.time() - began
        await load.end()
        failed = [reason for citizen in load.citizens.values() if (reason := citizen.failed)]
        misrouted = [citizen.misrouting for citizen in load.citizens.values() if citizen.misrouting]
        records = await _records(hotline, load)
        for port in ports:
            port.close()
    applied = _RELOADS - len(refused)
    figures = [len(load.citizens), round(seconds), len(failed), len(misrouted), len(records)]
    return [str(applied), *map(str, figures), f"{slowest:.1f}"], [*refused, *failed, *misrouted, *records]


async def _records(hotline: RunningHotline, load: SteadyCalls) -> list[str]:
    """Return the faults of the records, a line each."""
    faults: list[str] = []
    for _again in range(40):
        calls = await asyncio.to_thread(hotline.ask, "calls")
        times = Counter(record["caller"] for record in calls)
        faults = [f"{number}: {times[number]} records" for number in load.citizens if times[number] != 1]
        for record in calls:
            citizen = load.citizens[record["caller"]]
            answered = [leg["target"] for leg in record["legs"] if leg["result"] == "answered"]
            if (record["outcome"], record["dialled"], answered) != ("answered", citizen.dialled, citizen.answered_by):
                faults.append(f"{citizen.number} to {citizen.dialled}: {record['outcome']} by {', '.join(answered)}")
        if not faults:
            break
        await asyncio.sleep(0.5)
    return faults
