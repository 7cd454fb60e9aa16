"""A page phone on a cluster, in a real browser: the desk of one node is open, and the group's home is another node.

``python -m trials.cluster page-phone`` prints how long each failure kept the page's phone from the next call.
"""

import asyncio
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from testkit.desk_page import DeskPage, chromium_running, logged_in
from testkit.phones import tones
from testkit.signalling import SignallingCall
from testkit.waiting_async import until
from trials.bench.speech.telephone.codecs import Codec, decoded
from trials.cluster.address_pair import AddressPair
from trials.cluster.browser_thread import BrowserThread
from trials.cluster.callers import LINE
from trials.cluster.cluster_faults import FAULTS
from trials.cluster.running_cluster import DESK_PORT, DESKS, RunningCluster

NAME = "page-phone"
DESK, HOME = "south", "west"  # the node whose desk is open; the home of the agents' group, by the hash of the names
NEXT_DESK = "north"  # the node that gets the desks' address next
_EXAMPLES = ("192.0.2.10", "192.0.2.11")  # the desks' address and a node's in deploy/cluster/keepalived-desk.conf
SEAT = "8001"
_BROWSER = "phones"  # the host of the browser
HERTZ = 600
"""The tone of the page's microphone."""
PACKETS = 25
"""Packets of 20 ms in half a second."""
_WITHIN = 60.0  # seconds
_BACK = 10.0  # seconds in which the page's phone takes calls again


class PagePhoneTrial:
    """The scenes, one after another."""

    def __init__(self, cluster: RunningCluster) -> None:
        self._cluster = cluster
        self._browser: BrowserThread[DeskPage] = BrowserThread()
        self._next = 0
        self._lives = DESK  # a node that is asked
        self._desks = AddressPair(cluster.lan, DESKS, (DESK, NEXT_DESK), "keepalived-desk.conf", _EXAMPLES)

    async def play(self) -> list[str]:
        """Play all scenes; return what was measured, a line each."""
        with self._desks:
            async with self._browser.running(self._opened):
                return await self._scenes()

    @contextmanager
    def _opened(self) -> Iterator[DeskPage]:
        with self._cluster.lan.inside(_BROWSER), _microphone() as sound, chromium_running(sound) as browser:
            server = f"{self._cluster.lan.address(DESKS)}:{DESK_PORT}"
            yield logged_in(browser, self._cluster.nodes[DESK], "wang", "agent", SEAT, server=server)

    async def _scenes(self) -> list[str]:
        await self._browser.run(DeskPage.sign_in_here)
        assert await self._seat_node() == HOME, "the seat works at the home of its group, whichever desk is open"
        call = await self._call()
        await self._check_talk(call)
        reloaded = time.monotonic()
        await self._browser.run(lambda desk: desk.page.reload())
        await self._until_page(DeskPage.hears_noise, "the page that was loaded anew hears the citizen")
        measured = [f"a reload in a call: {time.monotonic() - reloaded:.1f} s"]
        await self._hears_page(call)
        await self._browser.run(lambda desk: desk.page.keyboard.press("F10"))
        await self._ended(call)

        killed = time.monotonic()
        await asyncio.to_thread(FAULTS["kill"].fail, self._cluster, HOME)
        await until(self._works_elsewhere, "the seat is signed in at the next home", _WITHIN)
        back = time.monotonic() - killed
        assert back < _BACK, f"the seat was signed in again after {back:.1f} s"
        measured.append(f"the home is killed: signed in again by itself after {back:.1f} s")
        call = await self._call()
        await self._check_talk(call)
        call.hang_up()
        await self._ended(call)

        moved = time.monotonic()
        await asyncio.to_thread(self._cluster.front.take_over)
        await self._until_page(_is_registered_again(), "the page is registered at the other machine")
        back = time.monotonic() - moved
        measured.append(f"the front is killed: the page is registered at the other machine after {back:.1f} s")
        call = await self._call()
        await self._check_talk(call)
        await self._browser.run(lambda desk: desk.page.keyboard.press("F10"))
        await self._ended(call)
        killed = time.monotonic()
        self._lives = NEXT_DESK
        await asyncio.to_thread(FAULTS["kill"].fail, self._cluster, DESK)
        await asyncio.to_thread(self._desks.until_moved_from, DESK)
        moved_after = time.monotonic() - killed
        await self._until_page(_is_registered_again(), "the page is registered by the desk of another node")
        await until(self._takes_calls, "the seat takes calls", _WITHIN)
        back = time.monotonic() - killed
        measured.append(
            f"the desk's node is killed: the desks' address moved after {moved_after:.1f} s, and the page was signed "
            f"in again by itself after {back:.1f} s"
        )
        call = await self._call()
        await self._check_talk(call)
        await self._browser.run(lambda desk: desk.page.keyboard.press("F10"))
        await self._ended(call)
        faults = await self._browser.run(lambda desk: list(desk.faults))
        assert faults == [], faults
        return measured

    async def _call(self) -> SignallingCall:
        """Let a citizen call, and the agent answer in the page."""
        self._next += 1
        call = self._cluster.citizens.call(LINE, f"1390000{self._next:04}")
        await self._until_page(lambda desk: desk.shows(".ringing .acts"), "the page rings")
        await self._browser.run(lambda desk: desk.page.keyboard.press("F2"))
        return call

    async def _check_talk(self, call: SignallingCall) -> None:
        await until(lambda: call.answered, "the citizen is answered", _WITHIN)
        call.speak()
        await self._until_page(DeskPage.hears_noise, "the page hears the citizen")
        await self._hears_page(call)

    async def _hears_page(self, call: SignallingCall) -> None:
        packets: deque[bytes] = deque(maxlen=PACKETS)
        heard = partial(hears_tone, call, packets)
        await until(heard, "the citizen hears the page", _WITHIN)

    async def _ended(self, call: SignallingCall) -> None:
        await until(lambda: call.ended, "the citizen's call is over", _WITHIN)
        await self._until_page(lambda desk: desk.shows(".results .choice") or desk.shows(".panel.idle"), "it is over")
        await self._browser.run(_is_ready_again)

    async def _until_page(self, condition: Callable[[DeskPage], bool], event: str) -> None:
        try:
            async with asyncio.timeout(_WITHIN):
                while not await self._browser.run(condition):  # noqa: ASYNC110 - a page has no event for what it shows
                    await asyncio.sleep(0.05)
        except TimeoutError:
            shown = await self._browser.run(lambda desk: desk.text("body"))
            raise AssertionError(f"not within {_WITHIN:g} s: {event}; the page shows: {shown}") from None

    async def _seat_node(self) -> str:
        return str((await asyncio.to_thread(self._seat))["node"])

    def _seat(self) -> dict[str, Any]:
        live = self._cluster.nodes[self._lives].ask("live")
        found: dict[str, Any] = next(seat_now for seat_now in live["seats"] if seat_now["seat"] == SEAT)
        return found

    def _works_elsewhere(self) -> bool:
        return self._seat()["node"] != HOME and self._takes_calls()

    def _takes_calls(self) -> bool:
        seat = self._seat()
        return seat["node"] != "" and seat["at"] == f"web-{SEAT}" and seat["state"] == "ready"


def _is_ready_again(desk: DeskPage) -> None:
    """Choose a result if the page asks for one, and be ready for the next call."""
    if desk.shows(".results .choice"):
        desk.page.locator(".results .choice").first.click()
        desk.page.keyboard.press("F2")
    desk.page.wait_for_selector(".badge.ready")


def _is_registered_again() -> Callable[[DeskPage], bool]:
    lost = False

    def registered(desk: DeskPage) -> bool:
        nonlocal lost
        is_ready = desk.shows(".phone-bar .state.ready")
        lost = lost or not is_ready
        return lost and is_ready

    return registered


@contextmanager
def _microphone() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tone.wav"
        tones.write_wav(path, np.tile(tones.sine(HERTZ), 10))
        yield path


def hears_tone(leg: SignallingCall, packets: deque[bytes]) -> bool:
    """Return whether the last half second of a call's sound is the page's tone; ``packets`` keeps earlier packets."""
    packets.extend(leg.received())
    if len(packets) < PACKETS:
        return False
    samples = decoded(b"".join(packets), Codec.ALAW)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return bool(abs(np.argmax(spectrum) * tones.RATE / len(samples) - HERTZ) < 20)
