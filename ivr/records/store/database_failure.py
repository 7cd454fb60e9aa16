"""Why a database cannot be used, and what to do, in the words of an admin. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from ivr.texts import _


@dataclass(frozen=True, slots=True)
class _FailureKind:
    """A kind of failure.

    Attributes:
        states: the SQLSTATE codes or classes (PostgreSQL, appendix A) that begin those of the failure.
        words: parts of the texts of libpq, of the server while a connection is made, and of SQLite, which have no code.
        sentence: what the admin reads; {name} is the database.
    """

    states: tuple[str, ...]
    words: tuple[str, ...]
    sentence: Callable[[], str]


# The first one that fits: a server that refuses a connection says why behind the words of libpq.
_KINDS = (
    _FailureKind(
        ("42P01", "42703", "3F000"),
        ("no such table", "no such column"),
        lambda: _("the call database {name} does not have the tables of this version yet: the hotline makes them "
                  "within seconds of its start; if it does not, see log/engine.log in its state folder"),
    ),
    _FailureKind(
        ("28",),
        ("password authentication failed", "no password supplied", "pg_hba.conf", 'role "'),
        lambda: _("the call database {name} refuses this machine or its password: look at HOTLINE_DATABASE here, and "
                  "at pg_hba.conf on the database's machine"),
    ),
    _FailureKind(
        ("3D000",),
        ('database "',),
        lambda: _("there is no call database {name}: make it with createdb, as docs/cluster.md shows, or change the "
                  "name"),
    ),
    _FailureKind(
        ("25006",),
        ("read-only", "readonly"),
        lambda: _("the call database {name} takes no changes: it is a standby, or its file is write-protected; promote "
                  "the standby, or start the primary"),
    ),
    _FailureKind(
        ("53",),
        ("too many clients", "too many connections", "remaining connection slots", "disk is full"),
        lambda: _("the call database {name} has no room, on its disk or for another connection: see the server's log"),
    ),
    _FailureKind(
        ("55P03", "57014", "40"),
        ("database is locked",),
        lambda: _("the call database {name} is busy with a change of another process: try again in some seconds"),
    ),
    _FailureKind(
        ("57P", "08"),
        ("starting up", "shutting down", "terminating connection", "closed the connection", "connection is closed",
         "connection not open", "SSL SYSCALL", "connection is lost"),
        lambda: _("the call database {name} has just ended the connection, or starts: try again in some seconds; calls "
                  "are taken meanwhile, and recorded later"),
    ),
    _FailureKind(
        (),
        ("Connection refused",),
        lambda: _("no PostgreSQL listens at the call database {name}: start it there; calls are taken meanwhile, and "
                  "recorded later"),
    ),
    _FailureKind(
        (),
        ("timeout", "timed out", "No route to host", "Network is unreachable", "Host is down"),
        lambda: _("the call database {name} does not answer: look at its machine and at the network between; calls are "
                  "taken meanwhile, and recorded later"),
    ),
    _FailureKind(
        (),
        ("failed to resolve", "could not translate host name", "Name or service not known"),
        lambda: _("the host of the call database {name} is not known here: look at the URL in HOTLINE_DATABASE or "
                  "cluster.yaml, and at DNS"),
    ),
)  # fmt: skip


def sentence(name: str, state: str | None, reason: str) -> str:
    """Return why the database cannot be used, and what to do, in one line.

    Args:
        name: the database's URL without a password.
        state: the SQLSTATE code of the failure; None if there is none.
        reason: the text of the failure.
    """
    for kind in _KINDS:
        if (state is not None and state.startswith(kind.states)) or (
            state is None and any(words in reason for words in kind.words)
        ):
            return kind.sentence().format(name=name)
    text = _("the call database {name} cannot be used: {reason}; see log/engine.log in the hotline's state folder")
    return text.format(name=name, reason=" ".join(reason.split()))
