"""OpenAPI 3.1 of the desk's REST: made from the routes themselves and the table of rights."""

import inspect
import re
from collections.abc import Iterable
from functools import partial
from importlib.metadata import version
from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from ivr.desk.http_guard import guarded
from ivr.people.rights import RIGHTS, Act

_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
_ERRORS = {
    "400": "malformed",
    "401": "nobody is signed in",
    "403": "no right, or another site's page",
    "404": "the object does not exist",
    "408": "too slow",
    "409": "refused in the present state",
    "413": "too large",
    "415": "no JSON",
    "422": "an argument is wrong; `field` names it",
    "429": "too many",
    "503": "engine, Asterisk or database away",
}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "field": {"type": ["string", "null"]},
            },
        }
    },
}


def open_api_routes(api: str, other_routes: Iterable[BaseRoute]) -> list[Route]:
    """Return the route of the description of all other routes."""
    api_description = description(api, other_routes)

    async def open_api(_request: Request) -> dict[str, Any]:
        """GET: this description."""
        return api_description

    return [Route(f"{api}/openapi.json", guarded(open_api), methods=["GET"])]


def description(api: str, routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """Return the description of the routes below the API's address."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        if not isinstance(route, Route) or not route.path.startswith(f"{api}/") or "{path:" in route.path:
            continue
        for method in sorted((route.methods or set()) - {"HEAD"}):
            if route.path == f"{api}/acts/{{act}}":
                for act in Act:
                    if not act.startswith("read."):
                        paths[f"{api}/acts/{act}"] = {"post": _operation(_act_summary(act), [], method)}
                continue
            names = _PARAMETER.findall(route.path)
            path = paths.setdefault(_PARAMETER.sub(r"{\1}", route.path), {})
            path[method.lower()] = _operation(_summary(route), names, method)
    return {
        "openapi": "3.1.0",
        "info": {"title": "12345 hotline: the desk", "version": version("hotline-12345")},
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-desk"},
            },
            "schemas": {"Error": _ERROR},
        },
        "security": [{"token": []}, {"session": []}],
    }


def _operation(summary: str, names: Iterable[str], method: str) -> dict[str, Any]:
    error = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    operation: dict[str, Any] = {
        "summary": summary,
        "parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names],
        "responses": {
            "2XX": {"description": "done"},
            **{status: {"description": text, **error} for status, text in _ERRORS.items()},
        },
    }
    if method in ("POST", "PATCH"):
        operation["requestBody"] = {"content": {"application/json": {"schema": {"type": "object"}}}}
    return operation


def _act_summary(act: Act) -> str:
    return f"{act}; may be done by: {', '.join(sorted(RIGHTS[act]))}"


def _summary(route: Route) -> str:
    endpoint = inspect.unwrap(route.endpoint)
    if isinstance(endpoint, partial):  # an act under an address of its own
        return _act_summary(endpoint.args[0])
    return (inspect.getdoc(endpoint) or "").partition("\n")[0]
