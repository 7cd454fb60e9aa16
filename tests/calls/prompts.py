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
        spoken = audio(f"phone/{digit}")
        at = next((at for at in times_of(spoken, heard) if abs(at - end) < 0.3), None)
        if at is None:
            return False
        end = at + len(spoken) / RATE
    return bool(begins)
