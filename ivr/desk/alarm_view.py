"""An open alarm as pages get it. The page words it, because each page has its own language. Pure."""

from typing import Any

from ivr.alarms.alarm_steps import RaisedAlarm


def alarm_view(alarm: RaisedAlarm) -> dict[str, Any]:
    """Return an alarm for the live state."""
    return {
        "alarm": alarm.id,
        "kind": alarm.kind.value,
        "about": alarm.about,
        "figure": alarm.figure,
        "raised_at": alarm.raised_at.isoformat(timespec="seconds"),
        "acknowledged_by": alarm.acknowledged_by if alarm.acknowledged_at else None,
        "note": alarm.note,
    }
