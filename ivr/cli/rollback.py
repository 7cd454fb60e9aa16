"""``ivr rollback``: an earlier registry, with the recordings of its time, in force again."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from ivr.cli.home import fail, home_option
from ivr.cli.put_in_force import put_in_force
from ivr.cli.table import show
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from ivr.site import registry_history
from ivr.site.candidate import own_recordings
from ivr.site.registry_history import RegistryVersion, same_recordings
from ivr.texts import _

_FORMATS = {
    "%Y-%m-%d %H:%M:%S": timedelta(seconds=1),
    "%Y-%m-%d %H:%M": timedelta(minutes=1),
    "%Y-%m-%d": timedelta(days=1),
}


def _moment(_context: click.Context, _parameter: click.Parameter, text: str | None) -> datetime | None:
    """Return the end of the named second, minute or day, because the registry in force at that end is meant."""
    if text is None:
        return None
    for form, length in _FORMATS.items():
        try:
            return datetime.strptime(text.replace("T", " "), form).replace(tzinfo=CITY_TIME) + length
        except ValueError:
            continue
    raise click.BadParameter(
        _("'{text}' is not a time; write '2026-11-22 18:30', or 2026-11-22 for the end of that day").format(text=text)
    )


@click.command(
    help=_(
        "Put an earlier registry and its recordings in force for new calls; calls in progress go on untouched. "
        "A second rollback without --to takes back the first."
    ),
)
@home_option
@click.option("--to", "moment", metavar="WHEN", callback=_moment,
              help=_("The registry that was in force at WHEN, such as '2026-11-22 18:30'; "
                     "without it, the last registry that differs."))  # fmt: skip
@click.option(
    "--list",
    "listed",
    is_flag=True,
    help=_("List the registries that were in force, the newest first; change nothing."),
)
def rollback(home: Home, moment: datetime | None, listed: bool) -> None:
    """Send a registry of the history, with its recordings, to the hotline, like ``ivr reload``."""
    try:
        history = registry_history.history(home)
        if not history:
            fail(_("no hotline ever ran in {home}: there is nothing to go back to").format(home=home.root))
        if listed:
            _list(history)
            return
        earlier = _registry_to_restore(home, history, moment)
        text, recordings = earlier.text, earlier.recordings
        if recordings is None:  # an earlier version of the program kept no recordings, so the recordings in force stay
            recordings = registry_history.in_force(home).recordings
        numbers = hotline_facts.read(home.hotline).numbers
    except (OSError, UnicodeDecodeError) as error:
        fail(str(error))
    put_in_force(home, text, recordings, str(earlier.path), earlier.orders)
    at = f"{earlier.at:%Y-%m-%d %H:%M:%S}"
    click.echo(_("this is the registry that came into force at {at}").format(at=at))
    _warn_of_edited_files(Path(numbers), earlier)


def _list(versions: list[RegistryVersion]) -> None:
    show(
        (_("in force since"), _("by"), _("kept as")),
        [(f"{version.at:%Y-%m-%d %H:%M:%S}", version.by or "?", str(version.path)) for version in versions],
    )


def _registry_to_restore(home: Home, versions: list[RegistryVersion], moment: datetime | None) -> RegistryVersion:
    """Return the registry of a rollback; a second rollback without WHEN takes back the first."""
    if moment is not None:
        version_found = next((version for version in versions if version.at < moment), None)
        return version_found or fail(
            _(
                "no registry was in force at that time; the first came into force at {at}; see 'ivr rollback --list'"
            ).format(at=f"{versions[-1].at:%Y-%m-%d %H:%M:%S}")
        )
    in_force = registry_history.in_force(home)
    version_found = next((version for version in versions if not _is_same(version, in_force)), None)
    return version_found or fail(_("no other registry was ever in force here; see 'ivr rollback --list'"))


def _is_same(earlier: RegistryVersion, in_force: RegistryVersion) -> bool:
    if earlier.text != in_force.text or earlier.orders != in_force.orders:
        return False
    return not earlier.recordings or not in_force.recordings or same_recordings(earlier.recordings, in_force.recordings)


def _warn_of_edited_files(numbers: Path, earlier: RegistryVersion) -> None:
    """Print the files of the site folder that differ from the files now in force."""
    pairs = [(numbers, earlier.path, numbers.is_file() and numbers.read_bytes() == earlier.path.read_bytes())]
    if earlier.recordings:
        sites_recordings = own_recordings(numbers)
        pairs.append((sites_recordings, earlier.recordings, same_recordings(sites_recordings, earlier.recordings)))
    for edited, kept_copy, is_same in pairs:
        if not is_same:
            message = _(
                "{edited} was not changed, and the next 'ivr reload' or 'ivr up' puts it in force; to keep the "
                "earlier one, copy {kept} over it"
            )
            click.echo(message.format(edited=edited, kept=kept_copy))
