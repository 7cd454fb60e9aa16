"""``ivr``: the hotline's console command."""

import errno
import inspect
import os
import sys
from io import TextIOWrapper
from typing import Any

import click

from ivr.lazy import loaded
from ivr.texts import _, translate_libraries

COMMANDS = {
    "setup": _("find or fetch Asterisk and a recogniser"),
    "init": _("make a site folder: registry, own recordings, state"),
    "up": _("start the hotline in the foreground"),
    "check": _("list the problems of numbers.yaml and the files beside it"),
    "route": _("show how a call would be routed"),
    "seats": _("list the seats; with --secrets the accounts of their phones"),
    "calls": _("list the call records"),
    "orders": _("list work orders, and act on them"),
    "knowledge": _("search the knowledge base, import, review and release articles"),
    "callbacks": _("list the callbacks that are due, or make one"),
    "push": _("show, repeat or retry the messages to platforms"),
    "report": _("report the indicators of a month"),
    "status": _("show seats, queues and calls as they are now"),
    "user": _("add and change the people who may sign in at the desk"),
    "token": _("give programs a token for the desk's REST, and take it back"),
    "diff": _("list the changes of a registry, and the numbers whose calls would go another way"),
    "reload": _("put the changed registry and recordings in force"),
    "rollback": _("put an earlier registry and its recordings in force again"),
    "doctor": _("check hotline and machine, and advise on each fault"),
    "refusals": _("list calls that were refused before they began"),
    "trace": _("show the SIP of the last calls"),
    "secret": _("store a password or key of a carrier, a platform or a receiver of alarms"),
    "holidays": _("turn a year's official calendar into holidays and workdays of numbers.yaml"),
    "prompts": _("check, import and render the prompts"),
    "speech": _("check and fetch the speech recogniser, try recordings"),
    "alarms": _("list alarms, acknowledge one, try their receivers"),
    "staffing": _("compute the seats that next week needs"),
    "front": _("run the front of a cluster"),
    "node": _("let a node of a cluster take calls or not, and show all nodes"),
}
"""The purpose of each command, in the order in which an admin meets them. A command's module is loaded on its use."""

_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
_MODULES = {"refusals": "refusal_list"}  # because ivr/desk/refusals.py has the name already


class _Commands(click.Group):
    """Finds each command in a module of its own name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which an admin meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        return _translated(getattr(loaded(module(cmd_name)), cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their short helps, and load none."""
        with formatter.section(_("Commands")):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - as in click
        """Run a command whose output may be read in any encoding, or have no room on the disk."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # not a stream of tests
                stream.reconfigure(errors="backslashreplace")  # valid in JSON, too
        try:
            return super().main(*args, **extra)
        except OSError as error:
            if error.errno not in _UNWRITABLE or error.filename:
                raise
            click.echo(_("the output cannot be written: {reason}").format(reason=error.strerror), err=True)
            sys.exit(1)


def module(command: str) -> str:
    """Return the name of the module of a command."""
    return f"ivr.cli.{_MODULES.get(command, command)}"


def help_text(command: click.Command) -> str:
    """Return the help of a command, its docstring, as the catalogue has it: one line for each paragraph."""
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _translated(command: click.Command) -> click.Command:
    """Put the help of a command and of the commands below it into the admin's language."""
    command.help = command.help and _(help_text(command))
    command.options_metavar = command.options_metavar and _("[OPTIONS]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = _("COMMAND [ARGS]...")
        for below in command.commands.values():
            _translated(below)
    return command


translate_libraries()


@click.command(
    cls=_Commands,
    help=_("Start, watch and change the 12345 hotline."),
    options_metavar=_("[OPTIONS]"),
    subcommand_metavar=_("COMMAND [ARGS]..."),
)
@click.version_option(package_name="hotline-12345", prog_name="ivr")
def main() -> None:
    """Run one of the commands."""
    os.umask(0o077)
