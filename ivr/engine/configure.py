"""From the registry to Asterisk's settings: the only place that sees both, as plain values."""

from pathlib import Path

import ivr
from ivr.asterisk.config import Queue, SeatAccount, Settings, queue_name
from ivr.registry.model import GroupKind, Registry
from ivr.routing.consult import targets
from ivr.runtime import ports
from ivr.runtime.asterisk import AsteriskRuntime
from ivr.runtime.facts import Facts
from ivr.runtime.layout import Home
from ivr.runtime.secrets import Secrets

RECORDINGS = Path(ivr.__file__).parent.parent / "recordings"


def settings(registry: Registry, home: Home, facts: Facts, secrets: Secrets, asterisk: AsteriskRuntime) -> Settings:
    """Return the settings that Asterisk runs this registry with. Pure."""
    carrier_host, carrier_port = (
        ports.address(facts.carrier) if facts.carrier else (registry.trunk.host, registry.trunk.port)
    )
    general = next(group.name for group in registry.groups.values() if group.kind is GroupKind.GENERAL)
    return Settings(
        etc=home.etc,
        modules=asterisk.modules,
        share=home.root / "share",
        db=home.db,
        spool=home.spool,
        run=home.run,
        log=home.log,
        ctl=home.asterisk_socket.name,
        messages=home.messages,
        recordings=home.recordings,
        music=RECORDINGS / "music",
        sip_host=facts.sip_host,
        sip_port=facts.sip_port,
        rtp_from=facts.rtp_from,
        rtp_to=facts.rtp_to,
        carrier_host=carrier_host,
        carrier_port=carrier_port,
        carrier_is_local=carrier_host.startswith("127."),
        fastagi_port=facts.fastagi_port,
        ami_port=facts.ami_port,
        speech_port=facts.speech_port,
        ami_password=secrets.ami_password,
        pool=queue_name(general),
        seats=tuple(SeatAccount(number, secrets.seat_passwords[number]) for number in registry.seats),
        queues=tuple(
            Queue(
                queue_name(group.name),
                first=group.kind is GroupKind.EXPERT,
                ring_seconds=registry.timers.expert if group.kind is GroupKind.EXPERT else registry.timers.seat,
                limit=group.limit,
            )
            for group in registry.groups.values()
        ),
        consult_targets=targets(registry),
    )
