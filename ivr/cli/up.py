"""``ivr up``: start the hotline in the foreground."""

import re
from datetime import datetime
from pathlib import Path

import click

from ivr.cli.home import fail, open_home, site_option, user
from ivr.cluster.cluster_file import beside
from ivr.lazy import loaded
from ivr.registry.load import read_text
from ivr.registry.problems import RegistryError
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import ports, privilege
from ivr.runtime.errors import RuntimeProblem
from ivr.runtime.site_folder import SiteFolder
from ivr.site import orders_in_force
from ivr.site.candidate import own_recordings
from ivr.texts import _

_USUAL_SIP = "127.0.0.1:5060"


def _address(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    if text is not None:
        try:
            ports.address(text)
        except ValueError:
            raise click.BadParameter(_("'{text}' is not HOST:PORT").format(text=text)) from None
    return text


def _web(context: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    return text if text == "none" else _address(context, parameter, text)


def _range(_context: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    first, _dash, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 1024 <= int(first) < int(last) < 65536):
        raise click.BadParameter(_("'{text}' is not FROM-TO, such as 10000-10600").format(text=text))
    return int(first), int(last)


def _node(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str:
    if text is not None and not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", text):
        raise click.BadParameter(_("'{text}' is no node: a-z, 0-9 and -, 20 at most").format(text=text))
    return text or ""


def _say(line: str) -> None:
    """Print a line with the time, because an admin may read it hours later."""
    click.echo(f"{datetime.now(CITY_TIME):%Y-%m-%d %H:%M:%S}  {line}")


@click.command(
    help=_("Start the hotline in the foreground; Ctrl-C ends it, the calls in progress first."),
)
@site_option
@click.option("--numbers", metavar="FILE", type=click.Path(path_type=Path),
              help=_("Another registry than the site's; the recordings beside it go with it."))  # fmt: skip
@click.option("--sip", metavar="HOST:PORT", callback=_address,
              help=_("Where phones and the carrier reach the hotline (UDP); 127.0.0.1:5060 unless given."))  # fmt: skip
@click.option(
    "--rtp", metavar="FROM-TO", callback=_range, help=_("UDP ports for sound; free ports are chosen if not given.")
)
@click.option("--carrier", metavar="HOST:PORT", callback=_address, help=_("The carrier's SIP trunk."))
@click.option("--web", metavar="HOST:PORT", callback=_web,
              help=_("Where browsers reach the desk (https); 127.0.0.1:8443 unless given, or 'none'."))  # fmt: skip
@click.option("--database", metavar="URL", envvar="HOTLINE_DATABASE",
              help=_("Call records; SQLite in DIR unless given; with a password set HOTLINE_DATABASE."))  # fmt: skip
@click.option("--node", metavar="NAME", callback=_node,
              help=_("Name of this node of a cluster; the ids of its calls begin with it."))  # fmt: skip
def up(
    site: SiteFolder,
    numbers: Path | None,
    sip: str | None,
    rtp: tuple[int, int] | None,
    carrier: str | None,
    web: str | None,
    database: str | None,
    node: str,
) -> None:
    """Make all checks, then start the hotline; if root starts it, as the service user."""
    home = open_home(site.home)
    if numbers is None and site.state_only and not home.hotline.exists():
        # A misspelled folder must not get a hotline with another registry than its own.
        fail(_("there is no site in {folder}; 'ivr init {folder}' makes one").format(folder=home.root))
    if numbers is None and not site.numbers.is_file():
        fail(
            _("there is no {numbers}; 'ivr init DIR' makes a site folder, and 'ivr up --home DIR' starts it").format(
                numbers=site.numbers
            )
        )
    numbers = numbers or site.numbers
    try:
        text, orders, cluster = read_text(numbers), orders_in_force.beside(numbers), beside(numbers)
        if cluster and node not in cluster.nodes:
            nodes = ", ".join(sorted(cluster.nodes))
            fail(_("cluster.yaml has the nodes {nodes}; say with --node which one this is").format(nodes=nodes))
        sip = sip or (str(cluster.nodes[node].address) if cluster else _USUAL_SIP)
        database = database or (cluster.database if cluster else None)
        privilege.become_service_user(home.root, [numbers.absolute().parent])
        supervisor = loaded("ivr.supervisor.start")
        options = supervisor.UpOptions(
            numbers, own_recordings(numbers), orders, sip, rtp, carrier, database, web, numbers.parent, user(), node,
            cluster,
        )  # fmt: skip
        supervisor.start(home, text, options, _say)
    except RegistryError as error:
        fail(*map(str, error.problems), _("the registry has problems; nothing was started"))
    except RuntimeProblem as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
