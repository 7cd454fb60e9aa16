"""Facts (``hotline.json``) of a hotline that does not run, for tests of its files."""

from typing import Any

from ivr.runtime.hotline_facts import HotlineFacts


def made_facts(**known: Any) -> HotlineFacts:
    """Return the facts of a hotline on loopback; ``known`` replaces some of them."""
    usual: dict[str, Any] = {
        "pid": 1, "sip_host": "127.0.0.1", "sip_port": 5060, "rtp_from": 10000, "rtp_to": 10100, "carrier": None,
        "fastagi_port": 4573, "ami_port": 5038, "numbers": "numbers.yaml", "database": "sqlite://", "asterisk": "22",
    }  # fmt: skip
    return HotlineFacts(**(usual | known))
