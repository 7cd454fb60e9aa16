"""``ivr up``: start the hotline in the foreground."""

import asyncio
import os
from datetime import datetime
from pathlib import Path

import click

from ivr.asterisk.config import link_data, write
from ivr.cli.home import fail, home_option, user
from ivr.engine import applied, configure
from ivr.records.database import Database, DatabaseUnusable
from ivr.registry.load import read_text
from ivr.registry.problems import RegistryError
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import asterisk, lock, ports, privilege, secrets
from ivr.runtime.errors import RuntimeProblem
from ivr.runtime.facts import Facts
from ivr.runtime.layout import Home
from ivr.supervisor.hotline import Supervisor
from ivr.texts import _

_RTP_PORTS = 600  # 120 calls of two legs, two ports each, and room for consults


def _address(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    if text is not None:
        try:
            configure.address(text)
        except ValueError:
            raise click.BadParameter(_("'{text}' is not HOST:PORT").format(text=text)) from None
    return text


def _range(_context: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    first, _dash, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 1024 <= int(first) < int(last) < 65536):
        raise click.BadParameter(_("'{text}' is not FROM-TO, such as 10000-10600").format(text=text))
    return int(first), int(last)


@click.command(help=_("Start the hotline in the foreground; Ctrl-C ends it, the calls in progress first."))
@home_option
@click.option("--numbers", metavar="FILE", default="numbers.yaml", show_default=True,
              type=click.Path(path_type=Path), help=_("The registry."))  # fmt: skip
@click.option("--sip", metavar="HOST:PORT", default="127.0.0.1:5060", show_default=True, callback=_address,
              help=_("Where phones and the carrier reach the hotline (UDP)."))  # fmt: skip
@click.option("--rtp", metavar="FROM-TO", callback=_range, help=_("UDP ports for sound; picked free unless given."))
@click.option("--carrier", metavar="HOST:PORT", callback=_address, help=_("The carrier's SIP trunk."))
@click.option("--database", metavar="URL", envvar="HOTLINE_DATABASE",
              help=_("Call records; SQLite in DIR unless given; with a password set HOTLINE_DATABASE."))  # fmt: skip
def up(
    home: Home, numbers: Path, sip: str, rtp: tuple[int, int] | None, carrier: str | None, database: str | None
) -> None:
    """Check everything that can be checked, then start."""
    try:
        text = read_text(numbers)
        privilege.become_service_user(home.root, [numbers.absolute().parent])
        supervisor = _prepare(home, text, numbers, sip, rtp, carrier, database)
        asyncio.run(supervisor.run())
    except RegistryError as error:
        fail(*map(str, error.problems), _("the registry has problems; nothing was started"))
    except (RuntimeProblem, DatabaseUnusable, OSError) as error:
        fail(str(error))


def _prepare(
    home: Home,
    text: str,
    numbers: Path,
    sip: str,
    rtp: tuple[int, int] | None,
    carrier: str | None,
    database: str | None,
) -> Supervisor:
    registry = applied.check(text, str(numbers), configure.RECORDINGS)
    runtime = asterisk.find()
    home.create()
    lock.take(home)
    host, port = configure.address(sip)
    ports.check_udp_free(host, port)
    rtp_from, rtp_to = rtp or ports.free_rtp_range(host, _RTP_PORTS)
    url = database or f"sqlite:///{home.call_database}"
    facts = Facts(
        pid=os.getpid(),
        sip_host=host,
        sip_port=port,
        rtp_from=rtp_from,
        rtp_to=rtp_to,
        carrier=carrier,
        fastagi_port=ports.free_port("127.0.0.1"),
        ami_port=ports.free_port("127.0.0.1"),
        speech_port=ports.free_port("127.0.0.1"),
        http_port=ports.free_port("127.0.0.1"),
        numbers=str(numbers.absolute()),
        database=Database(url).name,
        asterisk=runtime.version,
    )
    facts.write(home.hotline)
    applied.keep(home, text, datetime.now(CITY_TIME), user())
    settings = configure.settings(registry, home, facts, secrets.load_or_make(home.secrets, registry.seats), runtime)
    write(settings)
    link_data(settings, configure.RECORDINGS, runtime.data)
    click.echo(_("Asterisk {version}; state in {home}").format(version=runtime.version, home=home.root))
    return Supervisor(home, facts, settings, runtime, url, click.echo)
