"""The form of a time in the JSON that the desk sends to its pages. Pure."""

from datetime import datetime


def json_time(moment: datetime | None) -> str | None:
    """Return an aware time in ISO 8601 with milliseconds and its offset; None for None."""
    return moment.isoformat(timespec="milliseconds") if moment else None
