"""Reads the configuration back from Asterisk, because Asterisk drops a whole file for one wrong word and goes on
without it."""

import re
from collections.abc import Mapping

from ivr.asterisk.config.console import Console
from ivr.asterisk.config.render import Settings
from ivr.shipped import DIALPLANS
from ivr.texts import _

# One of each file of the dialplan: Asterisk leaves out an included file that it cannot read.
_CONTEXTS = (
    "from-carrier", "stopping", "run-script", "offer", "ring", "message", "fallback", "emergency-leg",
    "consult-party", "watch", "call-out", "route", "callback", "fallback-routes", "emergency", "consult",
)  # fmt: skip
_KEYS = {"*1": "drop-consulted-party", "*7": "guide", "*9": "work-order", "*6": "pause"}  # of our own (features.conf)


async def differences(console: Console, settings: Settings) -> list[str]:
    """Return the differences between Asterisk's configuration and ours, one line each; none if it is ready for calls.

    What is missing is looked for twice: Asterisk leaves out lines of a list whose reader is busy for 0.1 s.

    Raises:
        ConsoleError: Asterisk is not there or does not answer in time.
    """
    return await _differences(console, settings) and await _differences(console, settings)


async def _differences(console: Console, settings: Settings) -> list[str]:
    address = f"{settings.sip_host}:{settings.sip_port}"
    tls = f"{settings.sip_host}:{settings.tls_port}"
    ami = f"127.0.0.1:{settings.ami_port}"
    return [
        *await _modules(console, (DIALPLANS / "modules.conf").read_text(encoding="utf-8")),
        *await _missing(console, "features show", _("feature codes"), {
            "*2": r"Attended Transfer\s+\S*\s*\*2\b",
            **{key: rf"{name}\s+no def\s+{re.escape(key)}\b" for key, name in _KEYS.items()},
        }),
        *await _missing(console, "pjsip show endpoints", _("SIP accounts"), {
            **{trunk.name: rf"Endpoint:\s+{trunk.name}\b" for trunk in settings.trunks},
            **{seat.number: rf"Endpoint:\s+{seat.number}/" for seat in settings.seats},
        }),
        *await _missing(console, "pjsip show transports", _("SIP address"), {
            address: re.escape(address),
            **({tls: re.escape(tls)} if any(seat.transport == "tls" for seat in settings.seats) else {}),
        }),
        *await _missing(console, "queue show", _("queues"), {
            queue.name: rf"(?m)^{re.escape(queue.name)} has " for queue in settings.queues
        }),
        *await _missing(console, "dialplan show", _("dialplan"), {
            context: rf"Context '{context}' created" for context in _CONTEXTS
        }),
        *await _missing(console, "moh show files", _("music on hold"), {"File:": r"File: "}),
        *await _missing(console, "cel show status", _("call record"), {
            "CEL Logging: Enabled": r"CEL Logging: Enabled", "custom": r"(?i)custom",
        }),
        *await _missing(console, "manager show settings", _("AMI"), {ami: rf"{re.escape(ami)}\b"}),
    ]  # fmt: skip


async def _missing(console: Console, command: str, what: str, wanted: Mapping[str, str]) -> list[str]:
    """Return the names of the regular expressions that the output of a command does not match."""
    shown = await console.run(command)
    text = _("{what}: Asterisk's '{command}' does not show {name}")
    return [
        text.format(what=what, command=command, name=name)
        for name, pattern in wanted.items()
        if not re.search(pattern, shown)
    ]


async def _modules(console: Console, wanted: str) -> list[str]:
    """Compare the modules that run with the list (modules.conf) that was asked for."""
    shown = await console.run("module show")
    running = set(re.findall(r"(?m)^(\S+\.so)\s.*\bRunning\b", shown))
    names = re.findall(r"(?m)^load = (\S+)", wanted)
    return [_("module {name} is not running").format(name=name) for name in names if name not in running]
