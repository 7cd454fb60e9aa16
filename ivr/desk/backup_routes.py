"""REST: a backup of the site as one archive, for an admin to keep elsewhere."""

import asyncio
import os
import tempfile
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

from ivr.desk.http_guard import guarded
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.refusals import DeskRefused
from ivr.editing.site_backup import NoRoom, write_backup
from ivr.people.rights import Act
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from ivr.texts import _

_ONE_AT_A_TIME = asyncio.Semaphore(1)


def backup_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [Route(f"{api}/backup", guarded(backup), methods=["GET"])]


async def backup(request: Request) -> Any:  # noqa: ANN401 - a response
    """GET: registry, recordings, history and call database as a .tar.gz, without secrets; leaves an audit line."""
    services, visitor = await permitted_visitor(request, Act.TAKE_BACKUP)
    await services.door.audit(visitor, "backup.take")
    with_database = hotline_facts.read(services.home.hotline).database.startswith("sqlite")
    numbers = services.drafting.files.numbers
    try:
        async with _ONE_AT_A_TIME:
            file = await asyncio.to_thread(_archive, services.home, numbers, with_database)
    except NoRoom:
        raise DeskRefused(507, "disk", _("the disk has no room for a backup")) from None
    filename = f"hotline-{services.now():%Y%m%d-%H%M}.tar.gz"
    deletion = BackgroundTask(file.unlink, missing_ok=True)
    return FileResponse(file, media_type="application/gzip", filename=filename, background=deletion)


def _archive(home: Home, numbers: Path, with_database: bool) -> Path:
    handle, name = tempfile.mkstemp(".tar.gz", "backup-", home.drafts)
    os.close(handle)
    file = Path(name)
    try:
        write_backup(home, numbers, file, with_database=with_database)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return file
