"""``ivr``: the hotline's console command."""

import inspect
import os

import click

from ivr.cli.lazy import loaded
from ivr.texts import _, translate_libraries

# Name of the command → module of ivr.cli; loaded when used, so that each command starts fast.
_COMMANDS = (
    *("setup", "init", "up", "check", "route", "seats", "calls", "orders", "knowledge", "callbacks", "push", "report"),
    *("status", "user", "token", "diff", "reload", "rollback", "doctor", "refusals", "trace", "secret", "holidays"),
    *("prompts", "speech", "alarms", "staffing"),
)

_MODULES = {"refusals": "refusal_list"}  # of another name than their command, which another file has


class _Commands(click.Group):
    """Finds each command in a module of its own name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which an admin meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in _COMMANDS:
            return None
        return _translated(getattr(loaded(f"ivr.cli.{_MODULES.get(cmd_name, cmd_name)}"), cmd_name))


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
    help=_("The 12345 hotline: start it, look at it, change it."),
    options_metavar=_("[OPTIONS]"),
    subcommand_metavar=_("COMMAND [ARGS]..."),
)
@click.version_option(package_name="hotline-12345", prog_name="ivr")
def main() -> None:
    """Run one of the commands."""
    os.umask(0o077)
