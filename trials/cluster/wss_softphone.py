"""A softphone with WebRTC at the front of a cluster: SIP by WebSocket over TLS, the sound of a real browser.

The softphone's seat has ``transport: wss``. ``python -m trials.cluster wss-softphone`` says what was heard.
"""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from testkit.desk_page import DeskPage, chromium_running
from testkit.signalling import SignallingCall
from testkit.waiting_async import until
from testkit.wss_phone import WssPhone
from trials.cluster.browser_thread import BrowserThread
from trials.cluster.callers import LINE
from trials.cluster.front_pair import ADDRESS
from trials.cluster.page_phone import HERTZ, PACKETS, hears_tone
from trials.cluster.running_cluster import RunningCluster

NAME = "wss-softphone"
SEAT = "8001"  # of the group of `LINE`
_MENU = "12345"
_HOST = "phones"  # of the softphone
_PORT = 5061  # of the front, for TLS
_WITHIN = 30.0  # seconds
# A tone in place of a microphone, because a page without TLS gets no microphone.
_SCRIPT = """
  const sounds = new AudioContext(), tone = new MediaStreamAudioDestinationNode(sounds);
  const oscillator = new OscillatorNode(sounds, { frequency: HERTZ });
  oscillator.connect(tone); oscillator.start();
  window.begin = () => {
    window.call?.close();
    const call = window.call = new RTCPeerConnection();
    call.ontrack = ({ track }) => document.querySelector("audio").srcObject = new MediaStream([track]);
    call.addTrack(tone.stream.getAudioTracks()[0], tone.stream);
    return call;
  };
  window.described = async (call, description) => {
    await call.setLocalDescription(description);
    while (call.iceGatheringState !== "complete")
      await new Promise((gathered) => call.addEventListener("icegatheringstatechange", gathered, { once: true }));
    return call.localDescription.sdp;
  };
"""
_OFFER = "async () => { const call = begin(); return described(call, await call.createOffer()); }"
_TAKE = "(sdp) => call.setRemoteDescription({ type: 'answer', sdp })"
_ANSWER = """async (sdp) => {
  const call = begin();
  await call.setRemoteDescription({ type: "offer", sdp });
  return described(call, await call.createAnswer());
}"""
_IS_SECURE = """async () => {
  const reports = [...(await call.getStats()).values()];
  const transport = reports.find(({ type }) => type === "transport");
  return [transport?.dtlsState, transport?.iceState ?? call.iceConnectionState, Boolean(transport?.srtpCipher)];
}"""


def registry(shipped: dict[str, Any]) -> dict[str, Any]:
    """Return a registry in which the phone of `SEAT` is a softphone with WebRTC."""
    seats = [{**seat, **({"transport": "wss"} if seat["number"] == SEAT else {})} for seat in shipped["seats"]]
    return {**shipped, "seats": seats}


class SoftphonePage(DeskPage):
    """The sound of the softphone: a page without a desk."""

    def __init__(self, browser: Browser) -> None:
        super().__init__(browser, "")
        self.page.set_content("<audio autoplay></audio>")
        self.page.evaluate(f"() => {{ {_SCRIPT.replace('HERTZ', str(HERTZ))} }}")

    def offer(self) -> str:
        """Begin a call; return its SDP offer."""
        return str(self.page.evaluate(_OFFER))

    def take(self, sdp: str) -> None:
        """Take the SDP answer of the other side."""
        self.page.evaluate(_TAKE, sdp)

    def answer(self, sdp: str) -> str:
        """Return the SDP answer to an offer."""
        return str(self.page.evaluate(_ANSWER, sdp))

    def hears_sound(self) -> bool:
        """Whether the softphone plays a sound now, such as a prompt."""
        return not self.hears_nothing()

    def security(self) -> list[object]:
        """Return the states of DTLS and ICE, and whether the sound has an SRTP cipher."""
        return list(self.page.evaluate(_IS_SECURE))


class WssSoftphoneTrial:
    """The scenes, one after another."""

    def __init__(self, cluster: RunningCluster) -> None:
        self._cluster = cluster
        self._browser: BrowserThread[SoftphonePage] = BrowserThread()
        self._node = cluster.nodes[cluster.names[0]]

    @contextmanager
    def _opened(self) -> Iterator[SoftphonePage]:
        with self._cluster.lan.inside(_HOST), chromium_running(Path("/dev/null")) as browser:
            yield SoftphonePage(browser)

    async def play(self) -> list[str]:
        """Play all scenes; return what was heard, a line each."""
        accounts = await asyncio.to_thread(self._node.ask, "seats")
        account = next(account for account in accounts if account["seat"] == SEAT)
        server = (self._cluster.lan.address(ADDRESS), _PORT)
        assert account["server"] == f"wss://{server[0]}:{server[1]}", account["server"]
        certificate = self._cluster.front.active.site / "var" / "tls" / "certificate.pem"
        async with self._browser.running(self._opened):
            phone = WssPhone(server, certificate, SEAT, account["password"], self._answer)
            with self._cluster.lan.inside(_HOST):
                own = socket.create_connection(server, _WITHIN)
            own.setblocking(False)
            await phone.connect(own)
            async with phone:
                await phone.register()
                return [*await self._sign_in(phone), *await self._is_rung(phone), *await self._calls(phone)]

    async def _answer(self, offer: str) -> str:
        return await self._browser.run(lambda page: page.answer(offer))

    async def _dial(self, phone: WssPhone, number: str) -> str:
        call_id, answer = await phone.call(number, await self._browser.run(SoftphonePage.offer))
        await self._browser.run(lambda page: page.take(answer))
        return call_id

    async def _sign_in(self, phone: WssPhone) -> list[str]:
        began = time.monotonic()
        call_id = await self._dial(phone, "*81")
        await self._until_page(SoftphonePage.hears_sound, "the agent hears that the seat is signed in")
        heard = time.monotonic() - began
        await until(lambda: call_id in phone.ended, "the call of the feature code is over", _WITHIN)
        await until(self._is_signed_in, "the seat is signed in", _WITHIN)
        return [f"sign-in by *81: the prompt was heard after {heard:.1f} s"]

    def _is_signed_in(self) -> bool:
        seats = self._node.ask("live")["seats"]
        return any(seat["seat"] == SEAT and seat["state"] == "ready" for seat in seats)

    async def _is_rung(self, phone: WssPhone) -> list[str]:
        citizen = self._cluster.citizens.call(LINE, "13900000001")
        await until(lambda: phone.rung, "the softphone rings", _WITHIN)
        await until(lambda: citizen.answered, "the citizen is answered", _WITHIN)
        citizen.speak()
        await self._until_page(DeskPage.hears_noise, "the softphone hears the citizen")
        await self._hears_softphone(citizen)
        security = await self._browser.run(SoftphonePage.security)
        assert security == ["connected", "connected", True], f"DTLS, ICE, SRTP: {security}"
        await phone.hang_up(phone.rung[-1].get("call-id"))
        await until(lambda: citizen.ended, "the citizen's call is over", _WITHIN)
        return ["a citizen's call: both hear each other, by ICE and DTLS-SRTP"]

    async def _calls(self, phone: WssPhone) -> list[str]:
        began = time.monotonic()
        call_id = await self._dial(phone, _MENU)
        await self._until_page(SoftphonePage.hears_sound, "the softphone hears the menu")
        heard = time.monotonic() - began
        await phone.hang_up(call_id)
        return [f"a call to {_MENU}: the menu was heard after {heard:.1f} s"]

    async def _hears_softphone(self, citizen: SignallingCall) -> None:
        packets: deque[bytes] = deque(maxlen=PACKETS)
        await until(partial(hears_tone, citizen, packets), "the citizen hears the softphone", _WITHIN)

    async def _until_page(self, condition: Callable[[SoftphonePage], bool], event: str) -> None:
        try:
            async with asyncio.timeout(_WITHIN):
                while not await self._browser.run(condition):  # noqa: ASYNC110 - a page has no event for its sound
                    await asyncio.sleep(0.05)
        except TimeoutError:
            security = await self._browser.run(SoftphonePage.security)
            raise AssertionError(f"not within {_WITHIN:g} s: {event}; DTLS, ICE, SRTP: {security}") from None
