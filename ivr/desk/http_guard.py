"""Rules of every request and answer: security headers, small bodies in time, errors as JSON, no traceback."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import check_origin, language_of
from ivr.records.store.database import DatabaseUnusable
from ivr.texts import _

log = logging.getLogger(__name__)

LONGEST_BODY = 64 * 1024
_BODY_SECONDS = 10.0
_TOO_SLOW = 408
_MOST_DISCARDED = 8 << 20  # bytes of a refused request, at most
_DISCARD_SECONDS = 5.0
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"microphone=(self), camera=(), geolocation=(), display-capture=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class SecurityHeaders:
    """Adds the headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _value in message["headers"]}
                added = [header for header in _HEADERS if header[0] not in present]
                message["headers"] = [*message["headers"], *added]
                if b"cache-control" not in present:
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def guarded(
    endpoint: Callable[[Request], Awaitable[Any]], *, signed: bool = False
) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint of REST: its result becomes JSON, a refusal an error object.

    Args:
        endpoint: the function that answers.
        signed: whether its requests bear a signature and no cookie; then they need not come from the desk's page.
    """

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        language_of(request)
        try:
            if request.method not in ("GET", "HEAD") and "authorization" not in request.headers and not signed:
                check_origin(request)
            endpoint_result = await endpoint(request)
        except DeskRefused as refusal_error:
            if refusal_error.status != _TOO_SLOW:
                await _discard_body(request)
            return refusal(refusal_error)
        except DatabaseUnusable as error:
            return refusal(DeskRefused(503, "records-away", str(error)))
        if isinstance(endpoint_result, Response):
            return endpoint_result
        return Response(status_code=204) if endpoint_result is None else JSONResponse(endpoint_result)

    return answer


async def _discard_body(request: Request) -> None:
    """Read the rest of a refused request.

    A connection that is closed while the peer sends shows the peer no answer (RFC 9112, 9.6).
    """
    size = 0
    with suppress(RuntimeError, ClientDisconnect, TimeoutError):  # the first: the body was read to its end
        async with asyncio.timeout(_DISCARD_SECONDS):
            async for piece in request.stream():
                size += len(piece)
                if size > _MOST_DISCARDED:
                    return


def refusal(refused: DeskRefused) -> JSONResponse:
    """Return the answer of a refusal."""
    headers = {"Retry-After": str(refused.more["retry_after_s"])} if "retry_after_s" in refused.more else None
    return JSONResponse({"error": refused.to_json()}, refused.status, headers)


async def receive_body(
    request: Request, take: Callable[[bytes], Awaitable[object]], longest: int, seconds: float
) -> None:
    """Give ``take`` a request's body of up to ``longest`` bytes, piece by piece.

    Raises:
        DeskRefused: the body is too large, too slow, or ends too early.
    """
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.stream():
                size += len(piece)
                if size > longest:
                    unit, of_bytes = ("MB", 1 << 20) if longest >= 1 << 20 else ("KiB", 1 << 10)
                    text = _("the request is larger than {size} {unit}").format(size=longest // of_bytes, unit=unit)
                    raise DeskRefused(413, "too-large", text)
                await take(piece)
    except TimeoutError:
        text = _("the request did not come within {seconds:g} s").format(seconds=seconds)
        raise DeskRefused(_TOO_SLOW, "too-slow", text) from None
    except ClientDisconnect:
        raise DeskRefused(400, "invalid", _("the request ended too early")) from None


async def raw_body(request: Request, longest: int = LONGEST_BODY, seconds: float = _BODY_SECONDS) -> bytes:
    """Return a request's body of up to ``longest`` bytes.

    Raises:
        DeskRefused: the body is too large, too slow, or ends too early.
    """
    body = bytearray()

    async def take(piece: bytes) -> None:
        body.extend(piece)

    await receive_body(request, take, longest, seconds)
    return bytes(body)


async def json_body(request: Request, longest: int = LONGEST_BODY) -> dict[str, Any]:
    """Return the JSON object in a request's body of up to ``longest`` bytes; {} if there is no body.

    Raises:
        DeskRefused: the body is too large, too slow, or no JSON object.
    """
    body = await raw_body(request, longest)
    if not body:
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise DeskRefused(415, "invalid", _("the request's Content-Type has to be application/json"))
    return json_object(body)


def json_object(text: bytes | str) -> dict[str, Any]:
    """Return a JSON object.

    Raises:
        DeskRefused: the text is no JSON object.
    """
    try:
        decoded = json.loads(text)
    except (ValueError, RecursionError):
        decoded = None
    if not isinstance(decoded, dict):
        raise DeskRefused(400, "invalid", _("the request is no JSON object"))
    return decoded


async def http_error(request: Request, error: Exception) -> Response:
    """Answer an HTTP error in the form of all other errors."""
    language_of(request)
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {404: "unknown", 405: "method"}.get(status, "invalid")
    await _discard_body(request)
    return refusal(DeskRefused(status, code, _("nothing was found at this address")))


async def internal_error(request: Request, error: Exception) -> Response:
    """Answer a fault of the desk: one line for the person, the traceback in the log."""
    language_of(request)
    log.error("desk: %s %s failed", request.method, request.url.path, exc_info=error)
    return refusal(DeskRefused(500, "failed", _("the request failed; the reason is in log/desk.log")))
