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
    searched, prompts = _found.get(call, (0.0, []))
    heard = call.heard.seconds
    if heard > searched:  # Only the new part of the recording is searched, because a test asks again and again.
        since = max(0.0, searched - _LOOKS_BACK)
        new = Search(call.heard.samples[round(since * RATE) :])
        for name in TO_CALLERS:
            for begun in new.times_of(audio(name)):
                if not any(name == other and abs(since + begun - begin) < _SAME for begin, other in prompts):
                    prompts.append((since + begun, name))
        _found[call] = heard, prompts
    return [name for _begin, name in sorted(prompts)]


def first_prompt_heard(call: PhoneCall) -> str:
    """Return the prompt that a caller heard first; "" for none. Quicker than `prompts_heard` for a long call."""
    samples = call.heard.samples
    for seconds in (*_BEGINNINGS, len(samples) / RATE):
        beginning = Search(samples[: round(seconds * RATE)])
        prompts = [(begin, name) for name in TO_CALLERS for begin in beginning.times_of(audio(name))]
        # A prompt that began earlier would have been found, too, because the piece that the search needs was heard.
        if prompts and min(prompts)[0] <= seconds - _LOOKS_BACK:
            return min(prompts)[1]
    return min(prompts)[1] if prompts else ""


def has_heard(call: PhoneCall, prompt: str) -> bool:
    """Whether the caller heard a prompt; for `Phones.until`. It is true once each time the prompt is heard."""
    searched_until = _looked.setdefault(call, {})
    heard, searched = call.heard.seconds, searched_until.get(prompt, 0.0)
    if heard <= searched or (heard - searched < 0.5 and not call.closed):
        return False
    begins = times_of(audio(prompt), call.heard.samples[max(0, int((searched - _LOOKS_BACK) * RATE)) :])
    searched_until[prompt] = (
        heard + _LOOKS_BACK if begins else heard
    )  # because a prompt that was found is not found again
    return bool(begins)
