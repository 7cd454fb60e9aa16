"""Measuring on a busy machine: the bench and its database get the processor first."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import text

from ivr.records.store.database import Database

_FIRST = os.sched_param(1)  # a real-time priority, because a nice value counts only among the programs of a session


@contextmanager
def first_in_line(database: Database) -> Iterator[str]:
    """Take precedence over all other programs if the machine allows it, and yield the words for the line of figures.

    Other programs still share caches, memory and disk. Of the database's processes only that of the open
    connection goes first.
    """
    with database.begin() as connection:
        on_server = connection.dialect.name == "postgresql"
        backend = [int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)] if on_server else []
    threads = [
        int(task.name) for process in (os.getpid(), *backend) for task in Path(f"/proc/{process}/task").iterdir()
    ]
    first = False
    with suppress(PermissionError):
        for thread in threads:
            os.sched_setscheduler(thread, os.SCHED_RR, _FIRST)
        first = True
    try:
        load = f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        yield load + (", these processes before all others" if first else "")
    finally:
        for thread in threads:
            with suppress(ProcessLookupError):
                os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))
