"""``python -m trials.bench.network_change [TIMES]``: in a call, the computer of an agent's page gets another address.

Hotline and browser are hosts of a network of their own (network namespaces, root). A citizen talks with the page. Then
the computer moves to another network, as from Wi-Fi to cable, TIMES at once and TIMES after a gap. A line for each
change tells after how many seconds with the new address the two hear each other again. The exit code is 1 if the call
was lost, or if it took longer than 3 s.
"""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field

from playwright.sync_api import Browser

from testkit.desk_page import DeskPage, chromium_running, logged_in
from testkit.hotline.quick_registry import PATIENT, quick_registry
from testkit.hotline.running import RunningHotline
from testkit.phones import Carrier, PhoneCall, Phones
from trials.cluster.lan import Lan

_AIM = 3.0  # seconds
_GAP = 8.0  # seconds without any network
_SEAT, _CALLER = "8003", "13800000031"
_NETWORKS = ("10.77.0", "10.77.1")  # the first is the network of `Lan`
_HOTLINE, _PAGE = 1, 2  # the last numbers of their addresses in both networks
_LONGEST_WAIT = 30.0  # seconds
_PARTIES = ("page", "citizen")


@dataclass
class AddressChange:
    """One change of the network."""

    kind: str
    began: float = field(default_factory=time.monotonic)
    stages: dict[str, float] = field(default_factory=dict)
    citizen_heard: str = ""

    def reached(self, stage: str) -> None:
        """Keep the time at which a stage was first seen."""
        self.stages.setdefault(stage, time.monotonic() - self.began)

    @property
    def seconds(self) -> float:
        """Return the seconds until page and citizen heard each other again."""
        return max(self.stages[f"{party} hears"] for party in _PARTIES)


class MovingComputer:
    """The host of the browser: it is in one of the two networks."""

    def __init__(self, lan: Lan) -> None:
        self._lan, self._network = lan, 0
        with lan.inside("page"):
            _ip("route", "add", "default", "via", f"{_NETWORKS[0]}.{_HOTLINE}")

    def move(self, gap: float) -> None:
        """Take an address of the other network; without a gap, before the earlier address is gone."""
        earlier_network, self._network = _NETWORKS[self._network], 1 - self._network
        now = _NETWORKS[self._network]
        with self._lan.inside("page"):
            if gap:
                _ip("address", "delete", f"{earlier_network}.{_PAGE}/24", "dev", "eth0")
                time.sleep(gap)
            _ip("address", "add", f"{now}.{_PAGE}/24", "dev", "eth0")
            _ip("route", "replace", "default", "via", f"{now}.{_HOTLINE}")
            if not gap:
                _ip("address", "delete", f"{earlier_network}.{_PAGE}/24", "dev", "eth0")


def main(times: int) -> int:
    """Print a line for each change, and the outcome in the record."""
    if os.geteuid() != 0:
        print("only root may make network namespaces", file=sys.stderr)
        return 2
    lan = Lan({"hotline": _HOTLINE, "page": _PAGE}, {})
    with lan, lan.inside("hotline"), Phones(log_level=0) as phones, ExitStack() as resources:
        _ip("address", "add", f"{_NETWORKS[1]}.{_HOTLINE}/24", "dev", "eth0")
        computer, carrier = MovingComputer(lan), Carrier(phones)
        hotline = RunningHotline(carrier.address, quick_registry(timers=PATIENT), with_desk=True)
        hotline.server, hotline.desk = (
            address.replace("127.0.0.1", lan.address("hotline")) for address in (hotline.server, hotline.desk)
        )
        resources.enter_context(hotline)
        carrier.hotline = hotline.server
        phones.tones["page"] = phones.free_tone("page")
        microphone = phones.tone_file(phones.tones["page"])
        assert microphone
        with lan.inside("page"):
            browser = resources.enter_context(chromium_running(microphone))
        return _trial(phones, carrier, hotline, browser, computer, times)


def _trial(
    phones: Phones, carrier: Carrier, hotline: RunningHotline, browser: Browser, computer: MovingComputer, times: int
) -> int:
    desk = logged_in(browser, hotline, "zhou", "agent", _SEAT)
    desk.sign_in_here()
    citizen = carrier.call("12333", _CALLER)
    phones.until(lambda: desk.shows(".ringing .acts"), 30, "the page rings")
    desk.page.keyboard.press("F2")
    phones.until(lambda: _hear_each_other(phones, desk, citizen), 30, "citizen and page talk")
    changes = []
    for gap in (0.0, _GAP):
        for _time in range(times):
            phones.until(lambda: citizen.hears_only("page", seconds=3), 30, "the two talk for a while")
            changes.append(_change_network(phones, desk, citizen, computer, gap))
            print(_line(changes[-1]), flush=True)
    desk.page.keyboard.press("F10")
    phones.until(lambda: citizen.ended, 30, "the agent ends the call")
    records = phones.until(lambda: hotline.records(1), 30, "the call is recorded")
    legs = [(leg["target"], leg["result"]) for record in records for leg in record["legs"]]
    print(f"{len(records)} record, legs: {legs}")
    slowest = max(change.seconds for change in changes)
    print(f"slowest of {len(changes)}: {slowest:.1f} s; aim {_AIM:.0f} s")
    is_one_call = [record["caller"] for record in records] == [_CALLER] and legs == [(_SEAT, "answered")]
    return int(not is_one_call or slowest > _AIM)


def _change_network(
    phones: Phones, desk: DeskPage, citizen: PhoneCall, computer: MovingComputer, gap: float
) -> AddressChange:
    since = citizen.heard.seconds
    computer.move(gap)
    change = AddressChange(f"after {gap:.0f} s without network" if gap else "at once")
    interrupted = set(_PARTIES if gap else ())  # the parties that have stopped hearing the other party

    def hear_each_other_again() -> bool:
        assert not citizen.ended, "the citizen's call is over"
        is_heard = {"page": desk.hears_tone(phones.tones[citizen.name]), "citizen": citizen.hears_only("page")}
        for party, hears in is_heard.items():
            if not hears:
                interrupted.add(party)
                change.stages.pop(f"{party} hears", None)
            elif party in interrupted:
                change.reached(f"{party} hears")
        if desk.shows(".link .mark"):
            change.reached("connection lost")
        elif "connection lost" in change.stages:
            change.reached("connected")
        if not desk.shows(".phone-bar .state.ready"):
            change.reached("phone lost")
        elif "phone lost" in change.stages:
            change.reached("phone registered")
        return all(f"{party} hears" in change.stages for party in _PARTIES)

    phones.until(hear_each_other_again, _LONGEST_WAIT, f"the two talk again: {change}")
    *earlier_spans, _page = citizen.heard.timeline(since)
    change.stages["citizen hears"] = sum(span.seconds for span in earlier_spans) - gap
    change.citizen_heard = citizen.heard.story(since)
    return change


def _hear_each_other(phones: Phones, desk: DeskPage, citizen: PhoneCall) -> bool:
    return citizen.hears_only("page") and desk.hears_tone(phones.tones[citizen.name])


def _line(change: AddressChange) -> str:
    stages = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in change.stages.items())
    return f"{change.kind}: {change.seconds:.1f} s ({stages}); the citizen heard: {change.citizen_heard}"


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main(int((sys.argv[1:] or ["3"])[0])))
