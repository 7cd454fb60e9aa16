"""``python -m testkit.provision --tests | --bench | --phones | --cluster``: fetch programs for tests and trials."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from ivr.cli.fetching import announce, with_bar
from ivr.runtime import debian, kamailio
from ivr.runtime.errors import RuntimeMissing, RuntimeProblem
from ivr.texts import _
from testkit.provision import chromium, fail2ban, postgres
from testkit.provision.packaged_programs import BARESIP, KEEPALIVED, LINPHONE, SIPP, PackagedProgram

T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> None:
    """Fetch each program that is missing, and print the path of each program; exit with 1 if one cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m testkit.provision", description=__doc__)
    parser.add_argument("--tests", action="store_true", help="PostgreSQL, fail2ban and Chromium, which the tests need")
    parser.add_argument("--bench", action="store_true", help="PostgreSQL and SIPp, which the benches need")
    parser.add_argument("--phones", action="store_true", help="baresip and linphonec, for the trials of foreign phones")
    parser.add_argument("--cluster", action="store_true", help="keepalived, for the trials of a cluster")
    options = parser.parse_args(arguments)
    console = Console(stderr=True, highlight=False)
    try:
        if options.tests or options.bench:
            _postgres(console)
        if options.tests:
            _fail2ban(console)
            _kamailio(console)
            _chromium(console)
        if options.bench:
            _packaged(console, SIPP, 7, 20)
        if options.phones:
            _packaged(console, BARESIP, 90, 250)
            _packaged(console, LINPHONE, 100, 440)
        if options.cluster:
            _packaged(console, KEEPALIVED, 20, 60)
    except (RuntimeProblem, OSError) as problem:
        sys.exit(str(problem))


def _postgres(console: Console) -> None:
    title = _("PostgreSQL's server programs from the distribution's packages (80 MB to download, 270 MB on disk)")
    programs = _found_or_fetched(console, postgres.server_programs, postgres.install, title)
    console.print(_("PostgreSQL for the tests: {path}").format(path=programs), soft_wrap=True)


def _fail2ban(console: Console) -> None:
    title = _("fail2ban from the distribution's packages (17 MB to download, 3 MB on disk)")
    _found_or_fetched(console, fail2ban.regex_command, fail2ban.install, title)


def _chromium(console: Console) -> None:
    title = _("Chromium from the distribution's packages (100 MB to download, 520 MB on disk)")
    program: Path = _found_or_fetched(console, chromium.program, chromium.install, title)
    console.print(_("Chromium for the tests: {path}").format(path=program), soft_wrap=True)


def _kamailio(console: Console) -> None:
    title = _("Kamailio from the distribution's packages (30 MB to download, 90 MB on disk)")
    _found_or_fetched(console, kamailio.program, kamailio.install, title)


def _packaged(console: Console, program: PackagedProgram, download_mb: int, disk_mb: int) -> None:
    title = _("{name} from the distribution's packages ({download} MB to download, {disk} MB on disk)")
    text = title.format(name=program.name, download=download_mb, disk=disk_mb)
    path: Path = _found_or_fetched(console, program.program, program.install, text)
    console.print(_("{name} for tests and trials: {path}").format(name=program.name, path=path), soft_wrap=True)


def _found_or_fetched(console: Console, find: Callable[[], T], install: Callable[[debian.Progress], T], name: str) -> T:
    try:
        return find()
    except RuntimeMissing:
        announce(console, name)
        return with_bar(console, install)


if __name__ == "__main__":
    main()
