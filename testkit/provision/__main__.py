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
from testkit.provision import baresip, chromium, fail2ban, keepalived, linphone, postgres, sipp

T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> None:
    """Fetch each program that is missing, and print the path of each program; exit with 1 if one cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m testkit.provision", description=__doc__)
    parser.add_argument("--tests", action="store_true", help="PostgreSQL, fail2ban and Chromium, which the tests need")
    parser.add_argument("--bench", action="store_true", help="PostgreSQL and SIPp, which the benches need")
    parser.add_argument("--phones", action="store_true", help="baresip and linphonec, for the trials of foreign phones")
    parser.add_argument("--cluster", action="store_true", help="keepalived, for the trials of a cluster")
    wanted = parser.parse_args(arguments)
    console = Console(stderr=True, highlight=False)
    try:
        if wanted.tests or wanted.bench:
            _postgres(console)
        if wanted.tests:
            _fail2ban(console)
            _kamailio(console)
            _chromium(console)
        if wanted.bench:
            _sipp(console)
        if wanted.phones:
            _baresip(console)
            _linphone(console)
        if wanted.cluster:
            _keepalived(console)
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


def _sipp(console: Console) -> None:
    title = _("SIPp from the distribution's packages (7 MB to download, 20 MB on disk)")
    program: Path = _found_or_fetched(console, sipp.program, sipp.install, title)
    console.print(_("SIPp for the bench: {path}").format(path=program), soft_wrap=True)


def _keepalived(console: Console) -> None:
    what = _("keepalived from the distribution's packages (20 MB to download, 60 MB on disk)")
    program: Path = _found_or_fetched(console, keepalived.program, keepalived.install, what)
    console.print(_("keepalived for the trials of a cluster: {path}").format(path=program), soft_wrap=True)


def _baresip(console: Console) -> None:
    title = _("baresip from the distribution's packages (90 MB to download, 250 MB on disk)")
    program: Path = _found_or_fetched(console, baresip.program, baresip.install, title)
    console.print(_("baresip for the tests: {path}").format(path=program), soft_wrap=True)


def _linphone(console: Console) -> None:
    title = _("linphonec from the distribution's packages (100 MB to download, 440 MB on disk)")
    program: Path = _found_or_fetched(console, linphone.program, linphone.install, title)
    console.print(_("linphonec for the tests: {path}").format(path=program), soft_wrap=True)


def _found_or_fetched(console: Console, find: Callable[[], T], install: Callable[[debian.Progress], T], name: str) -> T:
    try:
        return find()
    except RuntimeMissing:
        announce(console, name)
        return with_bar(console, install)


if __name__ == "__main__":
    main()
