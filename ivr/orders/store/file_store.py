"""Files of work orders in the state folder: each once, named by the SHA-256 of its content."""

import hashlib
import os
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from ivr.orders.act_limits import OrderActRefused
from ivr.orders.store.order_schema import ORDER_FILES
from ivr.records.store.database import Database
from ivr.texts import _

_ROOM = 1024**3  # bytes that stay free on the disk for recordings and call records
_UNUSED = timedelta(days=1)  # a file is written before the act that names it
_BATCH = 500


def keep_file(folder: Path, content: bytes) -> str:
    """Write a file, and return its name; a file that is there already is not written again.

    Raises:
        OrderActRefused: the disk is almost full.
        OSError: it cannot be written.
    """
    name = hashlib.sha256(content).hexdigest()
    path = folder / name
    if path.exists():
        os.utime(path)  # the file is in use again, and must not be deleted before its act
        return name
    if shutil.disk_usage(folder).free - len(content) < _ROOM:
        raise OrderActRefused(_("there is no room for files now; try again later"), "file")
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as temporary_file:
        temporary_file.write(content)
        temporary_file.flush()
        os.fsync(temporary_file.fileno())
    Path(temporary_file.name).rename(path)
    return name


def delete_unused(database: Database, folder: Path, now: datetime) -> int:
    """Delete the files that belong to no work order any more; return their number.

    Raises:
        DatabaseUnusable: the database cannot be used.
        OSError: a file cannot be deleted.
    """
    oldest_unused = (now - _UNUSED).timestamp()
    old_paths = [path for path in folder.iterdir() if path.stat().st_mtime < oldest_unused]
    deleted = 0
    for first in range(0, len(old_paths), _BATCH):
        batch = old_paths[first : first + _BATCH]
        with database.begin() as connection:
            query = select(ORDER_FILES.c.file).where(ORDER_FILES.c.file.in_([path.name for path in batch]))
            used_names = set(connection.scalars(query))
        for path in batch:
            if path.name not in used_names:
                path.unlink(missing_ok=True)
                deleted += 1
    return deleted
