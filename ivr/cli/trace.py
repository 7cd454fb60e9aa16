"""``ivr trace``: the SIP of a call that was made in the last minutes."""

from pathlib import Path

import click

from ivr.cli.home import ask, fail, home_option
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.signalling.call_traces import from_json, merged
from ivr.signalling.ladder import lines
from ivr.signalling.pcap_file import pcap
from ivr.texts import _


@click.command()
@click.option("--number", metavar="N", default="", help=_("Only calls from or to a number with these digits."))
@click.option("--minutes", metavar="M", type=click.IntRange(1, 60), default=10, show_default=True,
              help=_("Minutes to look back."))  # fmt: skip
@click.option("--pcap", "file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help=_("Write a file for Wireshark instead."))  # fmt: skip
@home_option
def trace(number: str, minutes: int, file: Path | None, home: Home) -> None:
    """Show the SIP of the calls of the last minutes, one ladder for each leg.

    Passwords, keys of SRTP and pressed keys are crossed out; sound is not in it. The engine keeps the SIP of the last
    hour in memory.
    """
    dialogs = from_json(ask(home, "trace", number=number, minutes=minutes))
    if not dialogs:
        fail(_("no call of the last {minutes} minutes names such a number").format(minutes=minutes))
    if file:
        try:
            file.write_bytes(pcap(merged(dialogs)))
        except OSError as error:
            fail(_("{file} cannot be written: {reason}").format(file=file, reason=error.strerror))
        click.echo(_("{file}: legs: {count}").format(file=file, count=len(dialogs)))
        return
    for dialog in dialogs:
        for line in lines(dialog, CITY_TIME):
            click.echo("".join(sign if sign.isprintable() else "?" for sign in line))
        click.echo()
