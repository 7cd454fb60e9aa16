"""The packets that each PJSIP channel has received, from the console's ``pjsip show channelstats``. Pure."""

import re

# A channel's name is shown up to 18 signs: a trunk's name has 9 at most.
_LINE = re.compile(r"(?m)^ *(?:[0-9a-f]{8})? +([a-z0-9][a-z0-9-]*-[0-9a-f]{8}) +[0-9:]{8} +\S+ +([0-9]+[KM]?) ")


def received(shown: str) -> dict[str, str]:
    """Return the packets received by each channel, as the console shows them: a number changes while sound flows."""
    return {f"PJSIP/{channel}": count for channel, count in _LINE.findall(shown)}
