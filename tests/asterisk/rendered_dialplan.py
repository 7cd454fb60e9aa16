"""The dialplan that Asterisk gets for a registry."""

import re
from datetime import UTC, datetime
from pathlib import Path

from ivr.asterisk.config.render import render
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.runtime.asterisk import AsteriskRuntime
from ivr.runtime.hotline_facts import HotlineFacts
from ivr.runtime.layout import Home
from ivr.runtime.secrets import Secrets
from ivr.site import asterisk_settings

ROOT = Path(__file__).parents[2]


SHIPPED = read(ROOT / "numbers.yaml", recorded(ROOT / "recordings"))


def contexts(registry: Registry, folder: Path) -> dict[str, str]:
    """Return the contexts of the dialplan that Asterisk gets for a registry."""
    facts = HotlineFacts(
        pid=0, sip_host="127.0.0.1", sip_port=5060, rtp_from=10000, rtp_to=10100, carrier=None, fastagi_port=1,
        ami_port=2, numbers="", database="", asterisk="",
    )  # fmt: skip
    secrets = Secrets("x", dict.fromkeys(registry.seats, "x"), dict.fromkeys(registry.seats, "1"), "x", "x")
    asterisk = AsteriskRuntime((), folder, "22", folder)
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    files = render(asterisk_settings.settings(registry, Home(folder), facts, secrets, asterisk, now))
    dialplan = "\n".join(text for name, text in files.items() if name.startswith(("extensions", "generated")))
    return dict(re.findall(r"(?ms)^\[([a-z-]+)\]\n(.*?)(?=^\[|\Z)", dialplan))
