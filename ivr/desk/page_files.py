"""The built page: files that were compressed in the build, with ETags, and no file outside their folder."""

import mimetypes
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from ivr.desk.desk_services import services_of
from ivr.desk.visitor import language_of
from ivr.texts import _

_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_FOREVER = "public, max-age=31536000, immutable"


async def page_file(request: Request) -> Response:
    """Answer with a file of the page; with its ``index.html`` for an address without a dot."""
    language_of(request)
    folder = services_of(request).page
    name = request.path_params.get("path", "")
    is_asset = "." in name.rpartition("/")[2]
    path = _file_in_folder(folder, name) if is_asset else folder / "index.html"
    if path is None or not path.is_file():
        if is_asset:
            raise HTTPException(404)
        text = _("the desk's page was not built; run 'make setup', which builds it. Calls go on without it.")
        return PlainTextResponse(text + "\n", 503)
    accepted = {coding.partition(";")[0].strip() for coding in request.headers.get("accept-encoding", "").split(",")}
    for encoding, suffix in _ENCODINGS:
        compressed = path.with_name(path.name + suffix)
        if encoding in accepted and compressed.is_file():
            return _answer(request, compressed, path, is_asset, encoding)
    return _answer(request, path, path, is_asset, "")


def _file_in_folder(folder: Path, name: str) -> Path | None:
    """Return the file of a name; None if the name leads to no file in the folder."""
    names = name.split("/")
    if any(
        name_part in ("", ".", "..") or name_part.startswith(".") or "\\" in name_part or "\0" in name_part
        for name_part in names
    ):
        return None
    path = folder.joinpath(*names)
    return path if path.resolve().is_relative_to(folder.resolve()) else None


def _answer(request: Request, file: Path, original: Path, is_asset: bool, encoding: str) -> Response:
    status = file.stat()
    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    headers = {"ETag": etag, "Vary": "Accept-Encoding", "Cache-Control": _FOREVER if is_asset else "no-cache"}
    if encoding:
        headers["Content-Encoding"] = encoding
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    kind = mimetypes.guess_type(original.name)[0] or "application/octet-stream"
    return FileResponse(file, headers=headers, media_type=kind, stat_result=status)
