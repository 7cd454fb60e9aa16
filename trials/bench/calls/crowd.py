"""Many callers at once; each has to hear the whole prompt."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from testkit.phones import tones
from testkit.phones.tones import Samples
from trials.bench.calls.listener import CallAudio, Citizens

_INTERVAL = 1 / 20  # seconds between two calls


@dataclass(frozen=True, slots=True)
class Crowd:
    """The sound that many callers at once heard."""

    calls: int
    heard: int  # callers who heard the whole prompt, once
    lost: int  # packets
    packets: int
    longest_gap: float  # seconds between two packets of one call


def crowd(server: str, number: str, calls: int, prompt: Samples, all_up: Callable[[], None]) -> Crowd:
    """Have ``calls`` citizens call; ``all_up`` runs while all of them listen."""
    return asyncio.run(_crowd(server, number, calls, prompt, all_up))


async def _crowd(server: str, number: str, calls: int, prompt: Samples, all_up: Callable[[], None]) -> Crowd:
    citizens = await Citizens.of(server)
    listeners = []
    for count in range(calls):
        listeners.append(await citizens.call(number, f"1372{count:07}"))
        await asyncio.sleep(_INTERVAL)
    all_up()
    await asyncio.sleep(len(prompt) / tones.RATE + 1.0)
    for leg, _audio in listeners:
        citizens.hang_up(leg)
    await asyncio.sleep(1.0)
    citizens.close()
    audios = [audio for _leg, audio in listeners]
    return Crowd(
        calls,
        sum(_whole(audio, prompt) for audio in audios),
        sum(audio.lost for audio in audios),
        sum(len(audio.packets) for audio in audios),
        max((_longest_gap(audio) for audio in audios), default=0.0),
    )


def _whole(audio: CallAudio, prompt: Samples) -> bool:
    return len(tones.times_of(prompt, audio.sound)) == 1


def _longest_gap(audio: CallAudio) -> float:
    times = [at for at, _number, _sound in audio.packets]
    return max((after - before for before, after in pairwise(times)), default=0.0)
