"""A desk page in a real Chromium, whose microphone sends a tone; tests analyse the sound that the page plays."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Locator, Page, Response, sync_playwright

from testkit.hotline.running import ROOT, RunningHotline
from testkit.patience import PATIENCE
from testkit.provision import chromium

_ARGUMENTS = (
    "--no-sandbox",  # because root starts it
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
# Frequencies in Hz and levels in dB of the sound that the page plays now.
_HEARD = """() => {
  const stream = document.querySelector("body > audio")?.srcObject;
  if (!stream) return [];
  if (window.analysed?.stream !== stream) {
    const context = new AudioContext({ sampleRate: 8000 });
    const analyser = new AnalyserNode(context, { fftSize: 2048, smoothingTimeConstant: 0 });
    new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(analyser);
    window.analysed = { stream, context, analyser };
  }
  const lines = new Float32Array(window.analysed.analyser.frequencyBinCount);
  window.analysed.analyser.getFloatFrequencyData(lines);
  return [...lines].map((level, line) => [line * 8000 / 2048, level]).filter(([, level]) => level > -50);
}"""
# Keeps the connections of the page's calls, so that a test can silence them.
_CALLS = """window.calls = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) { super(...given); window.calls.push(this); }
  };"""
_SILENCE = """() => {
  const open = window.calls.filter((call) => call.signalingState !== "closed");
  return Promise.all(open.flatMap((call) => call.getSenders()).map((sender) => sender.replaceTrack(null)));
}"""
PASSWORD = "right horse 7"
_LINES_OF_NOISE = 500  # of the 1024 lines of the spectrum
_NEAR = 8  # Hz between a tone and its line in the spectrum
_BESIDE = 12  # dB by which another tone may be louder
_AXE = ROOT / "ivr/desk/page/node_modules/axe-core/axe.min.js"


class DeskPage:
    """The browser window of one person."""

    def __init__(self, browser: Browser, server: str, **options: Any) -> None:
        self.server = server
        self.context = browser.new_context(
            ignore_https_errors=True, locale="zh-CN", permissions=["microphone"],
            **{"viewport": {"width": 1366, "height": 768}, **options},
        )  # fmt: skip
        # The browser's noise suppression would remove the tone of the fake microphone.
        quiet = "location.protocol === 'https:' && localStorage.setItem('desk.noise-suppression', 'off')"
        self.context.add_init_script(quiet)
        self.context.add_init_script(_CALLS)
        self.faults: list[str] = []
        self.page = self._new_tab()

    def _new_tab(self) -> Page:
        tab = self.context.new_page()
        tab.on("pageerror", lambda error: self.faults.append(str(error)))
        tab.on("console", self._note)
        tab.on("response", self._note_answer)
        return tab

    def _note(self, message: Any) -> None:
        known_beginnings = ("Failed to load resource", "WebSocket connection")  # `_note_answer` notes the first
        if message.type == "error" and not message.text.startswith(known_beginnings):
            self.faults.append(message.text)

    def _note_answer(self, answer: Response) -> None:
        # A page first asks for its session, and gets 401 if nobody is signed in.
        if answer.status >= 400 and not (answer.status == 401 and answer.url.endswith("/session")):
            self.faults.append(f"{answer.status} {answer.url}: {answer.text()}")

    def open(self) -> None:
        """Open the desk; repeat while its process still starts, because `ready:` does not wait for the desk."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.page.goto(f"https://{self.server}/")
                break
            except Error:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        self.page.wait_for_selector("form")

    def log_in(self, user: str, password: str) -> None:
        """Log in at a page that shows the sign-in form."""
        self.page.fill("[name=user]", user)
        self.page.fill("[name=password]", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("[name=again], .desk main:not(.loading)")

    def choose_password(self, admins_password: str, new_password: str) -> None:
        """Replace the password that an admin made."""
        for name, password in {"old": admins_password, "new": new_password, "again": new_password}.items():
            self.page.fill(f"[name={name}]", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(".desk main:not(.loading)")

    def barriers(self) -> list[str]:
        """Parts of the page that violate WCAG 2.2 AA, as axe finds them."""
        self.page.evaluate(_AXE.read_text(encoding="utf-8"))
        violations = self.page.evaluate(
            "async (tags) => (await axe.run({ runOnly: tags })).violations.map(v => [v.id, v.nodes.map(n => n.html)])",
            ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        )
        return [f"{rule}: {', '.join(places)}" for rule, places in violations]

    def sign_in_here(self) -> None:
        """Sign in to the seat's groups with the phone in the page."""
        self.page.wait_for_selector(".phone-bar .state.ready")
        self.page.keyboard.press("F2")
        self.page.wait_for_selector(".badge.ready")

    def crash(self) -> None:
        """Kill the process of the page, and open the desk in a new tab."""
        with suppress(Error):  # the page has crashed
            self.page.goto("chrome://crash")
        crashed, self.page = self.page, self._new_tab()
        crashed.close()
        self.page.goto(f"https://{self.server}/")

    def stop_sending_sound(self) -> None:
        """Stop the packets of sound that the page sends in its call."""
        self.page.evaluate(_SILENCE)

    def button(self, name: str) -> Locator:
        """Return the button with that name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def shows(self, selector: str) -> bool:
        """Whether an element is on the page now."""
        return self.page.query_selector(selector) is not None

    def text(self, selector: str) -> str:
        """Return the text of an element; "" if it is not on the page."""
        element = self.page.query_selector(selector)
        return element.inner_text() if element else ""

    def hears_nothing(self) -> bool:
        """Whether the page plays no sound now."""
        return not self.page.evaluate(_HEARD)

    def hears_noise(self) -> bool:
        """Whether the sound of the page now has many frequencies: neither silence, nor a tone, nor music."""
        return len(self.page.evaluate(_HEARD)) > _LINES_OF_NOISE

    def hears_tone(self, tone: int) -> bool:
        """Whether the page plays a tone now, alone or mixed with a tone that is up to 12 dB louder."""
        lines = self.page.evaluate(_HEARD)
        loudest = max((level for _hertz, level in lines), default=0)
        return any(abs(hertz - tone) < _NEAR and level > loudest - _BESIDE for hertz, level in lines)


def logged_in(
    browser: Browser, hotline: RunningHotline, user: str, role: str, seat: str | None = None,
    unit: str | None = None, server: str | None = None,
) -> DeskPage:  # fmt: skip
    """Return the desk page of a new person who has chosen a password and signed in.

    ``server`` is an address of the desk other than the hotline's own, such as that of a `Cable`.
    """
    first_password: str = hotline.ask(
        "administer", act="people.add", by="test",
        args={"user": user, "name": user, "roles": [role], "seat": seat, "unit": unit, "password": None},
    )  # fmt: skip
    desk = DeskPage(browser, server or hotline.desk)
    desk.open()
    desk.log_in(user, first_password)
    desk.choose_password(first_password, PASSWORD)
    return desk


@contextmanager
def chromium_running(microphone: Path) -> Iterator[Browser]:
    """Run a Chromium whose microphone plays a file again and again."""
    fonts = chromium.fonts()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium.program()),
            args=[*_ARGUMENTS, f"--use-file-for-fake-audio-capture={microphone}"],
            env={**os.environ, **({"FONTCONFIG_FILE": str(fonts)} if fonts else {})},
        )
        try:
            yield browser
        finally:
            browser.close()
