"""REST: the activity of agents and groups, by day, week and half hour, as JSON and as files."""

import asyncio
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ivr.desk.desk_services import services_of
from ivr.desk.http_guard import guarded
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import visitor_of
from ivr.people.rights import Act
from ivr.reports.activity import ActivityRows
from ivr.reports.activity_files import activity_csv, activity_json, activity_xlsx
from ivr.reports.activity_reading import LONGEST, activity_report
from ivr.routing.calendar import city_time
from ivr.texts import _

_FILES = {
    "csv": (activity_csv, "text/csv; charset=utf-8"),
    "xlsx": (activity_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_AT_ONCE = asyncio.Semaphore(1)  # because a report takes a second or two of computing, and the desk has other work


def activity_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [Route(f"{api}/reports/activity", guarded(activity), methods=["GET"])]


async def activity(request: Request) -> dict[str, Any] | Response:
    """GET: `by`, `since`, `until`, `format` json, csv or xlsx; without a right to all, the own seat's times."""
    services, query = services_of(request), request.query_params
    visitor = await visitor_of(request, services)
    seat = None
    if query.get("mine") or not visitor.may(Act.READ_REPORTS):
        visitor.must(Act.READ_OWN_REPORTS)
        seat = visitor.seat or "-"
    try:
        rows = ActivityRows(query.get("by", "day"))
    except ValueError:
        row_kinds = ", ".join(ActivityRows)
        raise DeskRefused(422, "invalid", _("by is one of: {rows}").format(rows=row_kinds), "by") from None
    file_format = query.get("format", "json")
    if file_format != "json" and file_format not in _FILES:
        raise DeskRefused(422, "invalid", _("format is one of: {formats}").format(formats="json, csv, xlsx"), "format")
    since, until = _moment(request, "since"), _moment(request, "until")
    if not since < until <= since + LONGEST[rows]:
        text = _("until is later than since, by {days} days at most").format(days=LONGEST[rows].days)
        raise DeskRefused(422, "invalid", text, "until")
    async with _AT_ONCE:
        report = await asyncio.to_thread(
            activity_report, services.database, rows, since, until, services.now(), services.registry.current, seat
        )
    if file_format == "json":
        return activity_json(report)
    write, media = _FILES[file_format]
    name = f"{rows.value}-{since:%Y-%m-%d}-{until:%Y-%m-%d}.{file_format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(await asyncio.to_thread(write, report), media_type=media, headers=headers)


def _moment(request: Request, name: str) -> datetime:
    try:
        return city_time(datetime.fromisoformat(request.query_params.get(name, "")))
    except (ValueError, OverflowError):
        raise DeskRefused(422, "invalid", _("{name} is a time of ISO 8601").format(name=name), name) from None
