"""All checks, one after the other. A check that fails is a finding itself."""

from collections.abc import Callable, Iterator

from ivr.doctor import desk_check, logs, machine, reachability, records
from ivr.doctor.finding import Finding, problem
from ivr.runtime.layout import Home
from ivr.texts import _

Check = Callable[[Home], Finding]


def checks() -> dict[str, Check]:
    """Return each check by the name that an admin reads."""
    return {
        _("Asterisk"): machine.runtime,
        _("recordings"): machine.recordings,
        _("speech"): machine.speech,
        _("clock"): machine.clock,
        _("disk"): machine.disk,
        _("files"): machine.files,
        _("registry"): reachability.registry,
        _("hotline"): reachability.running,
        _("SIP port"): reachability.port,
        _("carrier"): reachability.carrier,
        _("refusals"): reachability.refusals,
        _("seats"): reachability.seats,
        _("desk"): desk_check.desk,
        _("database"): records.database,
        _("records"): records.imported,
        _("Asterisk's log"): logs.asterisk,
        _("engine's log"): logs.engine,
    }


def examine(home: Home) -> Iterator[tuple[str, Finding]]:
    """Do all checks, and yield each finding with the name of its check as soon as the check is done."""
    for name, check in checks().items():
        try:
            yield name, check(home)
        except PermissionError as error:
            yield (
                name,
                problem(
                    _("cannot be checked: {reason}").format(reason=error),
                    _("run the command as the hotline's user or as root"),
                ),
            )
        except Exception as error:  # because the admin gets a line, and the other checks go on
            yield (
                name,
                problem(
                    _("cannot be checked: {reason}").format(reason=repr(error)),
                    _("correct the fault of this line, then run 'ivr doctor' again"),
                ),
            )
