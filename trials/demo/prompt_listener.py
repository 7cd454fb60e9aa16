"""Finds the prompts in the sound that a party hears, as soon as they can be recognised."""

from functools import cache

from ivr.prompts import manifest
from testkit.phones import SOUND, PhoneCall
from testkit.phones.tones import HOP, RATE, Samples, Search, read_wav

_SEARCH_INTERVAL = 1.0  # seconds of new audio before the next search
_OVERLAP = 3.0  # seconds that are searched again; longer than the piece of a prompt that is searched for
_SAME = 1.0  # seconds within which two finds of a prompt count as one
_TOO_SHORT = ("phone/", "digits/")  # single digits, which any speech may contain
_TOO_ALIKE = ("callback-greeting",)  # begins like the opening; the demo has no callback
_NOT_IN_DEMO = (  # prompts that no call of the demo hears; a search for all prompts would take a core for each party
    "blocked", "callback-", "confirm-", "consult-", "date/", "emergency-", "emergency/", "follow-up-", "lines-busy",
    "name/", "number-", "order-", "rate", "seat-elsewhere", "seat-enter-pin", "seat-phone-taken", "seat-pin-",
    "seat-reason-unknown", "seat-set-aside", "stopping", "supervise-", "which-", "work-order-",
)  # fmt: skip


class PromptListener:
    """Listens to one call for prompts."""

    def __init__(self, call: PhoneCall) -> None:
        """Listen from the call's beginning."""
        self.call = call
        self.heard: list[tuple[float, str]] = []  # when a prompt began, in seconds of the call, and its id
        self._until = 0.0

    def new_prompts(self, *, at_once: bool = False) -> list[str]:
        """Return the prompts that began since the last search; ``at_once`` searches even if little audio is new."""
        heard_seconds = self.call.heard.seconds
        if heard_seconds - self._until < (0.0 if at_once else _SEARCH_INTERVAL):
            return []
        if not any(SOUND in window for window in self.call.heard.windows[max(0, int(self._until / HOP) - 1) :]):
            self._until = heard_seconds  # silence, or people who talk
            return []
        since = max(0.0, self._until - _OVERLAP)
        audio, self._until = self.call.heard.samples[round(since * RATE) :], heard_seconds
        search = Search(audio)
        found = sorted(
            (since + begin, name) for name, prompt in _prompts().items() for begin in search.times_of(prompt)
        )
        new_finds = [
            find
            for find in found
            if not any(find[1] == name and abs(find[0] - begin) < _SAME for begin, name in self.heard)
        ]
        self.heard += new_finds
        return [name for _at, name in new_finds]

    def has_heard(self, prompt: str) -> bool:
        """Return whether the prompt was recognised in the sound."""
        return any(name == prompt for _at, name in self.heard)


def words(prompt: str) -> str:
    """Return the text of a prompt."""
    entry = manifest.load().prompts.get(prompt)
    return entry.text if entry else prompt


def length(prompt: str) -> float:
    """Return how many seconds a prompt takes."""
    return len(_prompts()[prompt]) / RATE


@cache
def _prompts() -> dict[str, Samples]:
    prompts = manifest.load()
    return {
        name: read_wav(prompts.sounds[name])
        for name in prompts.prompts
        if not name.startswith(_TOO_SHORT + _TOO_ALIKE + _NOT_IN_DEMO)
    }
