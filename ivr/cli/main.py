"""``ivr``: the hotline's console command."""

import importlib
import os

import click

from ivr.texts import _

# Name of the command → module of ivr.cli; loaded when used, so that each command starts fast.
_COMMANDS = (
    *("setup", "up", "check", "route", "seats", "calls", "orders", "callbacks", "report", "status"),
    *("diff", "reload", "rollback", "doctor", "holidays", "prompts", "speech"),
)


class _Commands(click.Group):
    """Finds each command in a module of its own name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which an admin meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"ivr.cli.{cmd_name}"), cmd_name)
        return command


@click.command(cls=_Commands, help=_("The 12345 hotline: start it, look at it, change it."))
@click.version_option(package_name="hotline-12345", prog_name="ivr")
def main() -> None:
    """Run one of the commands."""
    os.umask(0o077)
