"""What a caller was told: the prompts that are really in what was heard."""

import functools
from weakref import WeakKeyDictionary

from tests.calls.running import ROOT
from tests.phones import Call
from tests.phones.tones import RATE, Samples, Search, read_wav, times_of

TO_CALLERS = (
    "opening", "menu-main", "menu-unknown", "merged", "dual-1", "dual-2", "unregistered", "transferring",
    "blocked", "lines-busy",
    "expert-away", "center-connecting", "center-away", "no-agent", "leave-message", "message-thanks", "technical",
    "emergency-joining", "emergency-unreached", "emergency-alone", "emergency-agent",
)  # fmt: skip

_LOOKS_BACK = 3.0  # seconds; longer than the piece of a prompt that `times_of` looks for
_EARLY = 0.3  # seconds by which a digit may be early or late
_looked: WeakKeyDictionary[Call, dict[str, float]] = WeakKeyDictionary()


@functools.cache
def audio(prompt: str) -> Samples:
    """A prompt's samples."""
    return read_wav(ROOT / "recordings" / "zh" / f"{prompt}.wav")


def told(call: Call) -> list[str]:
    """The prompts that a caller was told so far, in order, each as often as it was heard."""
    heard = Search(call.heard.samples)
    return [prompt for _at, prompt in sorted((at, name) for name in TO_CALLERS for at in heard.times_of(audio(name)))]


def is_told(call: Call, prompt: str) -> bool:
    """Whether the caller is told this, true once for each time; for `Phones.until`, so it looks only at what is new."""
    looked = _looked.setdefault(call, {})
    now, before = call.heard.seconds, looked.get(prompt, 0.0)
    if now - before < 0.5:
        return False
    begun = times_of(audio(prompt), call.heard.samples[max(0, int((before - _LOOKS_BACK) * RATE)) :])
    looked[prompt] = now + _LOOKS_BACK if begun else now  # what was found once is not found again
    return bool(begun)


def is_told_number(call: Call, digits: str) -> bool:
    """Whether the digits were spoken, one right after the other, straight behind "dual-1"."""
    heard = call.heard.samples
    begins = times_of(audio("dual-1"), heard)
    end = begins[0] + len(audio("dual-1")) / RATE if begins else 0.0
    for digit in digits:
        said, at = _digit_at(heard, end)
        if said != digit:
            return False
        end = at + len(audio(f"phone/{digit}")) / RATE
    return bool(begins)


def _digit_at(heard: Samples, second: float) -> tuple[str, float]:
    """Which digit is spoken close to a second, and when: the most alike one, as a lost packet leaves little of it."""
    begin = max(0.0, second - _EARLY)
    alike = {}
    for digit in "0123456789":
        spoken = audio(f"phone/{digit}")
        alike[digit] = Search(heard[round(begin * RATE) : round((second + _EARLY) * RATE) + len(spoken)]).best_of(
            spoken
        )
    said, (likeness, at) = max(alike.items(), key=lambda one: one[1])
    return (said if likeness > 0.5 else ""), begin + at
