"""The keys that phones have just pressed, also those that Asterisk holds back until a feature code is complete."""

import re
import time
from collections import deque

from ivr.asterisk.ami.manager import Ami, Event

_KEPT = 120.0  # seconds: longer than a consulted party rings
_MOST = 32  # keys of a channel
_KEY = re.compile(r"[0-9*#]")


class PressedKeys:
    """Remembers the keys that were pressed at each channel."""

    def __init__(self, ami: Ami) -> None:
        """``ami`` may connect later."""
        self._keys: dict[str, deque[tuple[float, str]]] = {}
        ami.on("DTMFEnd", self._pressed)  # a key by SIP INFO has no beginning

    def within(self, channel: str, seconds: float) -> str:
        """Return the keys that were pressed at a channel within the last ``seconds``, the oldest first."""
        since = time.monotonic() - seconds
        return "".join(key for at, key in self._keys.get(channel, ()) if at >= since)

    def _pressed(self, event: Event) -> None:
        key = event.get("Digit", "")
        if event.get("Direction") != "Received" or not _KEY.fullmatch(key):
            return
        now = time.monotonic()
        self._keys = {channel: keys for channel, keys in self._keys.items() if now - keys[-1][0] < _KEPT}
        self._keys.setdefault(event.get("Channel", ""), deque(maxlen=_MOST)).append((now, key))
