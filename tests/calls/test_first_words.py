"""The time until an agent's phone rings for a caller who presses no key, with the shipped prompts and timers."""

from trials.bench.calls.first_words import NEXT_SEAT_AIM, measured

_BUSY = 1.5  # seconds of delay on a machine that runs other tests, too


async def test_a_phone_rings_within_the_seconds_that_the_city_promises() -> None:
    """For 12345, a merged and a dual number, and the emergency key; after a seat's refusal the next seat rings."""
    found, following = await measured()
    late = {case.name: seconds for case, seconds in found.items() if seconds > case.aim + _BUSY}
    assert not late
    assert following < NEXT_SEAT_AIM + _BUSY
