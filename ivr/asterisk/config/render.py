"""Asterisk's configuration, rendered from ``dialplans/`` into the state directory.

Knows Asterisk's files and nothing of the city's rules, such as lines and modes.
"""

import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ivr.asterisk.config.front_peer import FrontPeer
from ivr.asterisk.config.trunk_endpoints import ConfigText, PatternRule, TrunkEndpoint, TrunkRoute
from ivr.asterisk.steps import Subroutine
from ivr.lazy import late
from ivr.shipped import DIALPLANS

if TYPE_CHECKING:
    from jinja2 import Environment

_jinja2 = late("jinja2")  # a call script needs only the names in this file, and must start quickly
ANSWERS = "answers"  # the folder of the sounds of articles
MESSAGES = "messages"  # the folder of callers' messages (留言), below Asterisk's sounds
SLOW_LANGUAGE = "zh_slow"  # the folder of the slow prompts; Asterisk falls back to "zh" without the suffix


@dataclass(frozen=True, slots=True)
class SipCredentials:
    """A seat's SIP account."""

    number: str
    password: str
    transport: str = "udp"  # udp, tcp, tls; with tls the sound is SRTP
    refuses_second: bool = False  # a second phone is refused while the first answers; else it replaces the first
    queue: str = ""  # queue of the seat's first group


@dataclass(frozen=True, slots=True)
class PagePhone:
    """The SIP account of a phone in a desk page."""

    name: str  # "web-8001"
    password: str
    shown: str  # the caller's number that other phones show, "8001"
    context: str  # the dialplan context of its calls


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue of seats."""

    name: str
    first: bool  # an expert group's (专家座席): a free seat is rung once, and no caller waits
    ring_seconds: int  # time for which a seat rings before the next seat is tried
    limit: int  # how many callers may wait at once; in queues with waiting the dialplan checks it
    wrapup_seconds: int = 0  # wrap-up after a call
    patience_seconds: int = 90  # time after which a waiting caller is offered message and callback, again and again


@dataclass(frozen=True, slots=True)
class EmergencyService:
    """A service that may be called for a caller in an emergency."""

    number: str
    reach: str  # digits dialled through the carrier
    seconds: int  # the longest time of ringing


@dataclass(frozen=True, slots=True)
class FallbackRoute:
    """The fallback route of a number; every text is escaped for the dialplan."""

    extension: str  # the number; "s" for all numbers that are not registered
    other_spellings: tuple[str, ...]
    line: str  # the number that ringing phones show
    unit: str  # percent-encoded
    event: str  # arguments of CELGenUserEvent
    offers: tuple[Subroutine, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """The values for the templates. Paths are absolute. Ports are bound on loopback, except SIP and RTP."""

    etc: Path
    modules: Path  # Asterisk's loadable modules
    share: Path  # astdatadir: sounds/, documentation/
    db: Path
    spool: Path
    run: Path
    log: Path
    system_name: str  # begins every channel's uniqueid; "" for none
    ctl: str  # file name of the console socket in `run`
    messages: Path  # callers' messages (留言)
    answers: Path  # the sounds of articles' short answers
    recordings: Path  # of agents' calls (通话录音)
    music: Path
    front: FrontPeer | None  # None: carrier and phones reach this Asterisk themselves
    sip_host: str
    sip_port: int
    tls_port: int  # of phones that register by TLS
    tls_certificate: str  # file
    tls_key: str  # file
    rtp_from: int
    rtp_to: int
    trunks: tuple[TrunkEndpoint, ...]
    routes: tuple[TrunkRoute, ...]  # the ways out, in the order in which they are tried
    trunk_is_local: bool  # a trunk and phones have the same address: they are told apart by user first
    system_certificates: str  # file with the certificates that the system trusts
    caller_rules: tuple[PatternRule, ...]
    national_rules: tuple[PatternRule, ...]
    e164_rules: tuple[PatternRule, ...]
    fastagi_port: int
    speech_port: int
    ami_port: int
    ami_password: str
    hep_port: int  # port at which the engine gets a copy of each SIP message
    hep_password: str
    script_command: tuple[str, ...]  # runs a call script as a process of its own
    processes: int  # script processes that may run at once
    fallback_routes: tuple[FallbackRoute, ...]  # the routes of calls without a call script
    sip_web_port: int  # port for SIP over WebSocket, from the desk's process on loopback; 0: none
    seats: tuple[SipCredentials, ...]
    page_phones: tuple[PagePhone, ...]  # phones in desk pages: a phone for each seat, and a phone for test calls
    queues: tuple[Queue, ...]
    services: tuple[EmergencyService, ...]
    pool_queue: str  # of the general group
    pool_event: str  # text of the call event that offers a call to it
    consult_targets: tuple[str, ...]  # numbers that a seat may consult; nothing else can be dialled in a call
    consult_strays: tuple[str, ...]  # each shortest sequence of digits with which no target begins


def _line(value: object) -> object:
    """Refuse a value that would end a configuration line early; every substituted value passes here."""
    if isinstance(value, ConfigText) and value.isprintable():
        return value
    if isinstance(value, str | Path) and any(sign in str(value) for sign in "\r\n;"):
        raise ValueError(f"{str(value)!r} cannot stand in an Asterisk configuration file")
    return value


@cache
def _templates() -> "Environment":
    """Return the templates, which stay compiled in this process, because that takes most of the time of a reload.

    A template whose file has changed is compiled again.
    """
    templates: Environment = _jinja2.Environment(
        loader=_jinja2.FileSystemLoader(DIALPLANS),
        undefined=_jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # these files are not HTML; `_line` refuses values that would break them
        finalize=_line,
    )
    return templates


def render(settings: Settings) -> dict[str, str]:
    """Return the path below ``etc`` and the content of every file. Pure but for reading ``dialplans/``."""
    values = asdict(settings) | {
        "trunks": settings.trunks,
        "routes": settings.routes,
    }  # as objects, because the templates use their properties
    files = {}
    for path in sorted(DIALPLANS.rglob("*.conf*")):
        name = path.relative_to(DIALPLANS).as_posix()
        if path.suffix == ".j2":
            files[name.removesuffix(".j2")] = _templates().get_template(name).render(values)
        else:
            files[name] = path.read_text(encoding="utf-8")
    return files


def write(settings: Settings) -> tuple[str, ...]:
    """Write the files that differ from those in ``settings.etc``, readable by the owner only; return their names.

    A file is replaced in one step, so that Asterisk never reads half a file.
    """
    changed = []
    for name, content in render(settings).items():
        path = settings.etc / name
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        path.parent.mkdir(mode=0o700, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(content, encoding="utf-8")
        fresh.replace(path)
        changed.append(name)
    return tuple(changed)


def link_data(settings: Settings, recordings: Path, asterisk_data: Path) -> None:
    """Link prompts, messages, answers and Asterisk's documentation into the folders in which Asterisk looks for them.

    The names below ``sounds`` are the same wherever this hotline's folders are.
    """
    sounds = settings.share / "sounds"
    sounds.mkdir(mode=0o700, parents=True, exist_ok=True)
    for link, target in (
        (sounds / "zh", recordings / "zh"),
        (sounds / SLOW_LANGUAGE, recordings / SLOW_LANGUAGE),
        (sounds / MESSAGES, settings.messages),
        (sounds / ANSWERS, settings.answers),
        (settings.share / "documentation", asterisk_data / "documentation"),
        (settings.spool / "monitor", settings.recordings),  # MixMonitor writes there
    ):
        link.unlink(missing_ok=True)
        link.symlink_to(target)


def write_script_program(settings: Settings) -> None:
    """Write the program that the dialplan's ``AGI(hotline,…)`` starts."""
    folder = settings.share / "agi-bin"
    folder.mkdir(mode=0o700, exist_ok=True)
    _write_program(folder / "hotline", settings.script_command)


def write_console_program(path: Path, asterisk: Sequence[str], settings: Settings) -> None:
    """Write the program with which an admin reaches the console: ``PATH -rx 'core show channels'``.

    ``asterisk`` alone is not enough, because its libraries and its configuration are in folders of this hotline.
    """
    _write_program(path, (*asterisk, "-C", str(settings.etc / "asterisk.conf")))


def _write_program(path: Path, command: Sequence[str]) -> None:
    path.touch(mode=0o700)
    path.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
