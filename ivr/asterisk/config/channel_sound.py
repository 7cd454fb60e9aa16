"""The packets that each PJSIP channel has received, from the console's ``pjsip show channelstats``. Pure."""

import re

# The console shows 18 characters of a channel's name at most; the name of a trunk has 9 at most.
_LINE = re.compile(r"(?m)^ *(?:[0-9a-f]{8})? +([a-z0-9][a-z0-9-]*-[0-9a-f]{8}) +[0-9:]{8} +\S+ +([0-9]+[KM]?) ")


def received(shown: str) -> dict[str, str]:
    """Return the packets received by each channel, as the console shows them; the text changes while sound comes."""
    return {f"PJSIP/{channel}": count for channel, count in _LINE.findall(shown)}
