"""The time from the INVITE to the first packet of the prompt."""

import asyncio
import itertools

from trials.bench.calls.listener import Citizens

_GIVEN_UP = 5.0  # seconds
_BETWEEN = 0.05
_callers = itertools.count()


def first_packets(server: str, number: str, calls: int) -> list[float]:
    """Return the seconds until the first packet, for ``calls`` calls in turn."""
    return asyncio.run(_first_packets(server, number, calls))


async def _first_packets(server: str, number: str, calls: int) -> list[float]:
    citizens, seconds = await Citizens.of(server), []
    loop = asyncio.get_running_loop()
    for _ in range(calls):
        began = loop.time()
        leg, audio = await citizens.call(number, f"1371{next(_callers):07}")
        async with asyncio.timeout(_GIVEN_UP):
            await audio.first.wait()
        seconds.append(audio.packets[0][0] - began)
        await asyncio.sleep(_BETWEEN)  # the answer may come after the first packet
        if not leg.answered:
            raise AssertionError(f"{server} played a prompt and answered nobody")
        citizens.hang_up(leg)
        await asyncio.sleep(_BETWEEN)
    await asyncio.sleep(0.5)
    citizens.close()
    return seconds
