"""Finds prompts in the sound that a party heard."""

import functools
from weakref import WeakKeyDictionary

from testkit.hotline.running import ROOT
from testkit.phones import PhoneCall
from testkit.phones.tones import RATE, Samples, Search, read_wav, times_of

TO_CALLERS = (
    "opening", "menu-main", "menu-unknown", "merged-recorded", "dual-recorded", "unregistered", "transferring",
    "number-closed", "number-not-yet", "blocked", "lines-busy", "stopping",
    "expert-away", "center-connecting", "center-away", "no-agent", "leave-message", "message-thanks", "technical",
    "emergency-joining", "emergency-unreached", "emergency-alone", "emergency-agent",
)  # fmt: skip

_LOOKS_BACK = 3.0  # seconds; longer than the piece of a prompt that `times_of` looks for
_BEGINNINGS = (6.0, 15.0)  # seconds of a call in which its first prompt is looked for first
_SAME = 1.0  # seconds; a prompt that is found twice within them was played once
_found: WeakKeyDictionary[PhoneCall, tuple[float, list[tuple[float, str]]]] = WeakKeyDictionary()
_looked: WeakKeyDictionary[PhoneCall, dict[str, float]] = WeakKeyDictionary()


@functools.cache
def audio(prompt: str) -> Samples:
    """Return the samples of a prompt."""
    return read_wav(ROOT / "recordings" / "zh" / f"{prompt}.wav")


def prompts_heard(call: PhoneCall) -> list[str]:
    """Return the prompts that a caller has heard so far, in order, each as often as it was heard."""
    before, found = _found.get(call, (0.0, []))
    now = call.heard.seconds
    if now > before:  # Only the new part of the recording is searched, because a test asks again and again.
        since = max(0.0, before - _LOOKS_BACK)
        new = Search(call.heard.samples[round(since * RATE) :])
        for name in TO_CALLERS:
            for at in new.times_of(audio(name)):
                if not any(name == known and abs(since + at - then) < _SAME for then, known in found):
                    found.append((since + at, name))
        _found[call] = now, found
    return [name for _at, name in sorted(found)]


def first_prompt_heard(call: PhoneCall) -> str:
    """Return the prompt that a caller heard first; "" for none. Quicker than `prompts_heard` for a long call."""
    samples = call.heard.samples
    for seconds in (*_BEGINNINGS, len(samples) / RATE):
        beginning = Search(samples[: round(seconds * RATE)])
        found = [(at, name) for name in TO_CALLERS for at in beginning.times_of(audio(name))]
        # A prompt that began earlier would have been found, too, because as much of it as is looked for was heard.
        if found and min(found)[0] <= seconds - _LOOKS_BACK:
            return min(found)[1]
    return min(found)[1] if found else ""


def has_heard(call: PhoneCall, prompt: str) -> bool:
    """Whether the caller heard a prompt; for `Phones.until`. It is true once each time the prompt is heard."""
    looked = _looked.setdefault(call, {})
    now, before = call.heard.seconds, looked.get(prompt, 0.0)
    if now <= before or (now - before < 0.5 and not call.closed):
        return False
    begun = times_of(audio(prompt), call.heard.samples[max(0, int((before - _LOOKS_BACK) * RATE)) :])
    looked[prompt] = now + _LOOKS_BACK if begun else now  # because a prompt that was found is not found again
    return bool(begun)
