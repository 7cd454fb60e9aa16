"""A matter as a citizen's form sends it: read within limits of size and time, and checked."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from ivr.desk.orders.file_routes import checked_file, too_large
from ivr.desk.refusals import DeskRefused
from ivr.orders.act_fields import LARGEST_FILE
from ivr.orders.act_limits import OrderActRefused
from ivr.texts import _

MOST_FILES = 5
_LONGEST = MOST_FILES * LARGEST_FILE + 256 * 1024  # bytes of a whole request
_SECONDS = 120.0
_FIELDS = ("title", "content", "kind", "county", "place", "contact", "caller")
_NEEDED = ("title", "content", "caller")


@dataclass(frozen=True, slots=True)
class CitizenMatter:
    """The content of a form. ``problems`` names each wrong field, with the reason for the citizen."""

    fields: Mapping[str, str]
    files: tuple[tuple[str, bytes], ...]  # name and content
    token: str
    problems: Mapping[str, str]


@asynccontextmanager
async def form_of(request: Request, files: int = 0) -> AsyncIterator[Mapping[str, Any]]:
    """Read a form; its files are on the disk while the block runs.

    Raises:
        DeskRefused: the request is too large, too slow or no form.
    """
    limited = Request(request.scope, _Limited(request).receive)
    try:
        async with asyncio.timeout(_SECONDS):
            form = await limited.form(max_files=files, max_fields=20, max_part_size=64 * 1024)
    except TimeoutError:
        raise DeskRefused(408, "too-slow", _("the form did not come in time; try again")) from None
    except HTTPException:
        raise DeskRefused(400, "invalid", _("the form could not be read; try again")) from None
    try:
        yield form
    finally:
        await form.close()


async def matter_of(form: Mapping[str, Any]) -> CitizenMatter:
    """Return the matter of a form."""
    fields = {name: str(form[name]).strip() for name in _FIELDS if isinstance(form.get(name), str)}
    problems = {name: _("please fill this in") for name in _NEEDED if not fields.get(name)}
    number = re.sub(r"[\s-]", "", fields.get("caller", ""))
    if "caller" not in problems and not re.fullmatch(r"\+?[0-9]{7,15}", number, re.ASCII):
        problems["caller"] = _("a telephone number has 7 to 15 digits")
    fields["caller"] = number
    files: list[tuple[str, bytes]] = []
    for upload in _sent_files(form):
        content = await upload.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            problems["files"] = too_large()
        elif content:
            try:
                checked_file(upload.filename or "", content)
            except OrderActRefused as refusal:
                problems["files"] = str(refusal)
            files.append((upload.filename or "", content))
    token = form.get("token")
    return CitizenMatter(
        {name: value for name, value in fields.items() if value},
        tuple(files),
        token if isinstance(token, str) and re.fullmatch(r"[0-9a-f]{32}", token) else "",
        problems,
    )


def _sent_files(form: Mapping[str, Any]) -> list[UploadFile]:
    files = form.getlist("files") if hasattr(form, "getlist") else []
    return [file for file in files if isinstance(file, UploadFile)]


class _Limited:
    """The messages of a request, until they are too many bytes."""

    def __init__(self, request: Request) -> None:
        self._request, self._left = request, _LONGEST

    async def receive(self) -> Message:
        message = await self._request.receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise DeskRefused(413, "too-large", _("the files are too large all together"))
        return message
