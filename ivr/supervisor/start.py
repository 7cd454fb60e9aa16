"""Starts a hotline from the options of ``ivr up``."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ivr.asterisk.config.render import link_data, write, write_console_program, write_script_program
from ivr.cluster.cluster_model import Cluster
from ivr.cluster.shared_files import link_shared
from ivr.lazy import late
from ivr.registry.checks.trunks import missing_passwords
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import asterisk, lock, ports, rtp_ports, secrets
from ivr.runtime.certificate import hotline_certificate
from ivr.runtime.errors import RuntimeProblem
from ivr.runtime.hotline_facts import HotlineFacts
from ivr.runtime.layout import Home
from ivr.runtime.secrets import known_trunks
from ivr.shipped import RECORDINGS
from ivr.site import (
    asterisk_settings,
    candidate,
    prompts_in_force,
    registry_history,
    registry_snapshot,
    slow_prompts,
)
from ivr.site.front_seats import seats_that_need_front
from ivr.site.orders_in_force import OrdersText
from ivr.site.prompt_catalogue import catalogue
from ivr.speech.recognizer_availability import recognizer_availability
from ivr.supervisor.hotline import Supervisor
from ivr.texts import _

_USUAL_DESK = "127.0.0.1:8443"
_NO_DESK = "none"
# Loaded late, because only a database of the admin's own has a URL to check, and SQLAlchemy loads in 0.25 s.
_call_database = late("ivr.records.store.database")


@dataclass(frozen=True, slots=True)
class UpOptions:
    """The options of ``ivr up``."""

    numbers: Path  # the registry's file, for messages and for `ivr reload`
    recordings: Path  # the site's own; the folder may be missing
    orders: OrdersText
    sip: str  # HOST:PORT for phones and the carrier
    rtp: tuple[int, int] | None  # first and last UDP port for sound; None: picked free
    carrier: str | None  # HOST:PORT of the trunk; None: the registry's
    database: str | None  # SQLAlchemy URL of the call records; None: SQLite in the home
    web: str | None  # HOST:PORT of the desk; None: the usual one if it is free; "none": no desk
    site: Path  # the site folder, where the city's own certificate may be
    by: str  # the user who starts it, for the registry history
    node: str  # name of this machine if several machines write into one database; else ""
    cluster: Cluster | None = None  # of the cluster.yaml beside the registry


def start(home: Home, text: str, options: UpOptions, say: Callable[[str], None]) -> None:
    """Start the hotline with the registry ``text`` and run it until it is stopped; ``say`` prints a line.

    Raises:
        RegistryError: the registry has problems.
        RuntimeProblem: the machine lacks a program or package that the hotline needs; no process was started.
        OSError: a file or folder cannot be written.
    """
    checked = candidate.check(text, str(options.numbers), catalogue(RECORDINGS, options.recordings), options.orders)
    registry = checked.registry
    if not options.cluster and (without_front := seats_that_need_front(registry)):
        raise RuntimeProblem("\n".join(without_front))
    runtime = asterisk.find()
    home.create()
    lock.take(home)
    if options.cluster and options.cluster.recordings:
        link_shared(home, Path(options.cluster.recordings))
    host, port = ports.listen_address(options.sip)
    ports.check_udp_free(host, port)
    rtp_from, rtp_to = rtp_ports.claim(host, options.rtp, port)
    fastagi_port, ami_port, speech_port, http_port, sip_web_port = ports.free_ports("127.0.0.1", 5)
    hep_port, _last = ports.free_rtp_range("127.0.0.1", 2)
    web = _desk(options, say)
    certificate, key = hotline_certificate(home, options.site, ports.phones_address(host), *_host(web))
    url = options.database or f"sqlite:///{home.call_database}"
    shown = _shown(options.database) if options.database else url
    facts = HotlineFacts(
        pid=os.getpid(),
        sip_host=host,
        sip_port=port,
        rtp_from=rtp_from,
        rtp_to=rtp_to,
        carrier=options.carrier,
        fastagi_port=fastagi_port,
        ami_port=ami_port,
        speech_port=speech_port,
        hep_port=hep_port,
        http_port=http_port,
        web=web,
        certificate=(str(certificate), str(key)),
        node=options.node,
        front=str(options.cluster.front.address) if options.cluster else "",
        front_addresses=options.cluster.front_addresses if options.cluster else (),
        other_nodes=_other_nodes(options),
        node_address=str(options.cluster.nodes[options.node].address) if options.cluster else "",
        node_calls=options.cluster.nodes[options.node].calls if options.cluster else 0,
        sip_web_port=sip_web_port,
        numbers=str(options.numbers.absolute()),
        database=shown,
        asterisk=runtime.version,
    )
    facts.write(home.hotline)
    now = datetime.now(CITY_TIME)
    prompts = prompts_in_force.prepare(home, checked.catalogue)
    if problem := slow_prompts.refresh(registry, prompts):
        say(problem)
    prompts_in_force.switch(home, prompts)
    orders = options.orders.text if options.orders.own else None
    registry_history.keep(home, text, now, options.by, checked.catalogue.own, orders)
    registry_snapshot.keep(home, registry)
    passwords = (secrets.share if options.cluster else secrets.load_or_make)(home.secrets, registry.seats)
    settings = asterisk_settings.settings(registry, home, facts, passwords, runtime, now)
    write(settings)
    link_data(settings, home.prompts, runtime.data)
    write_script_program(settings)
    write_console_program(home.asterisk_program, runtime.argv, settings)
    for warning in (*checked.warnings, *missing_passwords(registry, known_trunks(home.secrets))):
        say(_("{warning} (a warning)").format(warning=warning))
    if few := rtp_ports.too_few(rtp_from, rtp_to, registry.limits.trunk, len(registry.seats)):
        say(few)
    if (
        not home.asterisk_database.exists()
    ):  # the first start, or a restored backup: Asterisk's database has the signed-in seats
        say(_("no seat is signed in, because the state is new or restored: agents dial *81"))
    say(_("Asterisk {version}; state in {home}").format(version=runtime.version, home=home.root))
    say(recognizer_availability().summary)
    asyncio.run(Supervisor(home, facts, settings, runtime, url, say).run())


def _host(address: str) -> tuple[str, ...]:
    return (address.rpartition(":")[0],) if address else ()


def _other_nodes(options: UpOptions) -> tuple[tuple[str, str], ...]:
    nodes = options.cluster.nodes.values() if options.cluster else ()
    return tuple((node.name, str(node.address)) for node in nodes if node.name != options.node)


def _desk(options: UpOptions, say: Callable[[str], None]) -> str:
    """Return the desk's address; "" for no desk, because calls need none.

    Raises:
        RuntimeProblem: the address that was asked for cannot be used.
    """
    if options.web == _NO_DESK:
        return ""
    host, port = ports.listen_address(options.web or _USUAL_DESK)
    try:
        ports.check_tcp_free(host, port)
    except RuntimeProblem as problem:
        if options.web:
            raise
        text = _("no desk: {problem}; name another address with --web HOST:PORT")
        say(text.format(problem=problem))
        return ""
    return f"{host}:{port}"


def _shown(url: str) -> str:
    """Return a URL without its password."""
    try:
        return str(_call_database.Database(url).name)
    except _call_database.DatabaseUnusable as error:
        raise RuntimeProblem(str(error)) from None
