"""Measuring on a machine that does other things, too: the bench and its database get the processor first."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import text

from ivr.records.store.database import Database

_FIRST = -20  # of nice values


@contextmanager
def first_in_line(database: Database) -> Iterator[str]:
    """Go before all other programs, where the machine allows it; gives the words for the figures' line.

    Other programs still share caches, memory and disk. The database's connections are those that this process has now.
    """
    with database.begin() as connection:
        on_server = connection.dialect.name == "postgresql"
        backend = [int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)] if on_server else []
    before = {process: os.getpriority(os.PRIO_PROCESS, process) for process in (os.getpid(), *backend)}
    first = False
    with suppress(PermissionError):
        for process in before:
            os.setpriority(os.PRIO_PROCESS, process, _FIRST)
        first = True
    try:
        load = f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        yield load + (", these processes before all others" if first else "")
    finally:
        for process, priority in before.items():
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, process, priority)
