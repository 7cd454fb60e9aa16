"""Asterisk's settings as plain values, from the registry: the only module that knows both."""

import os
import ssl
import sys
import sysconfig
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import ivr
from ivr.asterisk.config.front_peer import FrontPeer, OtherNode
from ivr.asterisk.config.render import EmergencyService, PagePhone, Queue, Settings, SipCredentials
from ivr.asterisk.queue_names import queue_name
from ivr.call_events.codec import encode
from ivr.call_events.values import SeatKind
from ivr.call_events.vocabulary import OfferStarted
from ivr.registry.model import GroupKind, Registry, SecondPhone
from ivr.registry.trunk_model import NumberForm
from ivr.routing.consult import strays, targets
from ivr.routing.service import general_group
from ivr.runtime.asterisk import AsteriskRuntime
from ivr.runtime.hotline_facts import HotlineFacts
from ivr.runtime.layout import Home
from ivr.runtime.page_phones import TEST_CALL_PHONE, page_phone
from ivr.runtime.secrets import Secrets, page_password
from ivr.site import trunk_settings
from ivr.site.fallback_dialplan import fallback_routes

_PROGRAM = Path(ivr.__file__).parent.parent  # the checkout, or the folder of installed packages
_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
_PROCESSES = 10  # script processes for each core: each takes 100 ms of a core to start, and 25 MB during its call


def settings(
    registry: Registry,
    home: Home,
    facts: HotlineFacts,
    secrets: Secrets,
    asterisk: AsteriskRuntime,
    from_time: datetime,
    addresses: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Settings:
    """Return Asterisk's settings for this registry from ``from_time`` on; ``addresses`` has host addresses, by name."""
    trunks = trunk_settings.trunks_in_force(registry, facts.carrier)
    return Settings(
        etc=home.etc,
        modules=asterisk.modules,
        share=home.root / "share",
        db=home.db,
        spool=home.spool,
        run=home.run,
        log=home.log,
        system_name=facts.node,
        ctl=home.asterisk_socket.name,
        messages=home.messages,
        answers=home.answers,
        recordings=home.recordings,
        music=home.prompts / "music",
        front=_front(facts),
        sip_host=facts.sip_host,
        sip_port=facts.sip_port,
        tls_port=facts.tls_port,
        tls_certificate=facts.certificate[0],
        tls_key=facts.certificate[1],
        rtp_from=facts.rtp_from,
        rtp_to=facts.rtp_to,
        trunks=tuple(
            trunk_settings.endpoint(
                trunk,
                own_number=registry.hotline.number,
                passwords=secrets.trunk_passwords,
                sip_host=facts.sip_host,
                certificates=Path(facts.numbers).parent,
                addresses=addresses,
            )
            for trunk in trunks
        ),
        routes=trunk_settings.routes(trunks),
        trunk_is_local=any(host.name.startswith("127.") for trunk in trunks for host in trunk.hosts),
        system_certificates=ssl.get_default_verify_paths().cafile or _CERTIFICATES,
        caller_rules=trunk_settings.callers(registry.city),
        national_rules=trunk_settings.outgoing(registry.city, NumberForm.NATIONAL),
        e164_rules=trunk_settings.outgoing(registry.city, NumberForm.E164),
        fastagi_port=facts.fastagi_port,
        ami_port=facts.ami_port,
        speech_port=facts.speech_port,
        ami_password=secrets.ami_password,
        hep_port=facts.hep_port,
        hep_password=secrets.ami_password,
        script_command=_script_command(home),
        processes=_PROCESSES * (os.cpu_count() or 1),
        fallback_routes=fallback_routes(registry, from_time),
        sip_web_port=facts.sip_web_port,
        seats=tuple(
            SipCredentials(
                seat.number,
                secrets.seat_passwords[seat.number],
                seat.transport.value,
                seat.second_phone is SecondPhone.REFUSED,
                queue_name(seat.groups[0]) if seat.groups else "",
            )
            for seat in registry.seats.values()
        ),
        page_phones=_page_phones(registry, secrets) if facts.sip_web_port else (),
        queues=tuple(
            Queue(
                queue_name(group.name),
                first=group.kind is GroupKind.EXPERT,
                ring_seconds=registry.timers.expert if group.kind is GroupKind.EXPERT else registry.timers.seat,
                limit=group.limit,
                wrapup_seconds=registry.timers.wrapup,
                patience_seconds=registry.timers.patience,
            )
            for group in registry.groups.values()
        ),
        services=tuple(
            EmergencyService(number, registry.linkage[number].reach, registry.timers.center)
            for number in registry.emergencies
        ),
        consult_targets=targets(registry),
        consult_strays=strays(targets(registry)),
        pool_queue=queue_name(general_group(registry)),
        pool_event=encode(OfferStarted(SeatKind.GENERAL, general_group(registry)))[1],
    )


def _front(facts: HotlineFacts) -> FrontPeer | None:
    if not facts.front:
        return None
    nodes = tuple(OtherNode(name, address) for name, address in facts.other_nodes)
    return FrontPeer(facts.front, tuple(facts.front_addresses), facts.node_calls, nodes)


def _page_phones(registry: Registry, secrets: Secrets) -> tuple[PagePhone, ...]:
    """Return a phone for each seat's desk page, and a phone for test calls."""
    phones = {seat: page_phone(seat) for seat in registry.seats}
    return (
        *(PagePhone(name, page_password(secrets, name), seat, "from-page") for seat, name in phones.items()),
        PagePhone(TEST_CALL_PHONE, page_password(secrets, TEST_CALL_PHONE), "", "from-test-call"),
    )


def _script_command(home: Home) -> tuple[str, ...]:
    """Return the command of a script process: without site packages' start-up, from compiled files."""
    return (
        "env",
        f"PYTHONPATH={_PROGRAM}:{sysconfig.get_path('purelib')}",
        *(sys.executable, "-S", "-s", "-P", "-m", "ivr.engine.script_process", str(home.root)),
    )
