"""The platform of a province for the demo, and the orders.yaml that names it."""

from collections.abc import Iterator
from contextlib import contextmanager

from ivr.shipped import ORDERS
from testkit.hotline.running import RunningHotline
from testkit.strict_platform import StrictPlatform, strict_platform

_KEY = "the key of the demo's province"
_SECTION = """
platforms:
  province: {{ url: "{url}", sends: [calls, orders, follow-ups], accepts: [supervise] }}
"""


@contextmanager
def province() -> Iterator[StrictPlatform]:
    """Run the platform of the province."""
    with strict_platform(_KEY) as platform:
        yield platform


def orders_yaml(platform: StrictPlatform) -> str:
    """Return the shipped orders.yaml with the platform, and with follow-ups at any hour and at once."""
    text = ORDERS.read_text(encoding="utf-8").replace('"09:00-20:00"', '"00:00-24:00"')
    text = text.replace("\n  after: 1 ", "\n  after: 0 ").replace("pause: 60", "pause: 1")
    return text + _SECTION.format(url=platform.url)


def share_key(hotline: RunningHotline) -> None:
    """Give the hotline the platform's key."""
    stored = hotline.ivr_reads(_KEY, "secret", "set", "platform", "province", "--numbers", str(hotline.numbers))
    assert stored.returncode == 0, stored.stderr
