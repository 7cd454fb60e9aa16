"""Reads the configuration back from Asterisk, because Asterisk drops a whole file for a wrong word and goes on."""

import re
from collections.abc import Mapping

from ivr.asterisk.config.console import Console
from ivr.asterisk.config.render import Settings
from ivr.shipped import DIALPLANS
from ivr.texts import _

# A context of each file of the dialplan, because Asterisk leaves out an included file that it cannot read.
_CONTEXTS = (
    "from-carrier", "stopping", "run-script", "offer", "ring", "message", "fallback", "emergency-leg",
    "consult-party", "watch", "call-out", "route", "callback", "fallback-routes", "emergency", "consult",
)  # fmt: skip
_KEYS = {"*1": "drop-consulted-party", "*7": "guide", "*9": "work-order", "*6": "pause"}  # [applicationmap]


async def differences(console: Console, settings: Settings) -> list[str]:
    """Return the differences between Asterisk's configuration and the settings, each as a line; none if they agree.

    The second look decides, because Asterisk leaves out lines of a list if the reader is busy for 0.1 s.

    Raises:
        ConsoleError: Asterisk does not run, or does not answer in time.
    """
    return await _differences(console, settings) and await _differences(console, settings)


async def _differences(console: Console, settings: Settings) -> list[str]:
    address = f"{settings.sip_host}:{settings.sip_port}"
    tls = f"{settings.sip_host}:{settings.tls_port}"
    ami = f"127.0.0.1:{settings.ami_port}"
    return [
        *await _modules(console, (DIALPLANS / "modules.conf").read_text(encoding="utf-8")),
        *await _not_shown(console, "features show", _("feature codes"), {
            "*2": r"Attended Transfer\s+\S*\s*\*2\b",
            **{key: rf"{name}\s+no def\s+{re.escape(key)}\b" for key, name in _KEYS.items()},
        }),
        *await _not_shown(console, "pjsip show endpoints", _("SIP accounts"), {
            **{trunk.name: rf"Endpoint:\s+{trunk.name}\b" for trunk in settings.trunks},
            **{seat.number: rf"Endpoint:\s+{seat.number}/" for seat in settings.seats},
        }),
        *await _not_shown(console, "pjsip show transports", _("SIP address"), {
            address: re.escape(address),
            **({tls: re.escape(tls)} if any(seat.transport == "tls" for seat in settings.seats) else {}),
        }),
        *await _not_shown(console, "queue show", _("queues"), {
            queue.name: rf"(?m)^{re.escape(queue.name)} has " for queue in settings.queues
        }),
        *await _not_shown(console, "dialplan show", _("dialplan"), {
            context: rf"Context '{context}' created" for context in _CONTEXTS
        }),
        *await _not_shown(console, "moh show files", _("music on hold"), {"File:": r"File: "}),
        *await _not_shown(console, "cel show status", _("call record"), {
            "CEL Logging: Enabled": r"CEL Logging: Enabled", "custom": r"(?i)custom",
        }),
        *await _not_shown(console, "manager show settings", _("AMI"), {ami: rf"{re.escape(ami)}\b"}),
    ]  # fmt: skip


async def _not_shown(console: Console, command: str, part: str, patterns: Mapping[str, str]) -> list[str]:
    """Return a line for each name whose regular expression the output of a command does not match."""
    shown = await console.run(command)
    text = _("{what}: Asterisk's '{command}' does not show {name}")
    return [
        text.format(what=part, command=command, name=name)
        for name, pattern in patterns.items()
        if not re.search(pattern, shown)
    ]


async def _modules(console: Console, modules_conf: str) -> list[str]:
    """Return a line for each module of modules.conf that does not run."""
    shown = await console.run("module show")
    running = set(re.findall(r"(?m)^(\S+\.so)\s.*\bRunning\b", shown))
    names = re.findall(r"(?m)^load = (\S+)", modules_conf)
    return [_("module {name} is not running").format(name=name) for name in names if name not in running]
