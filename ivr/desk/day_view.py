"""The figures of a day, for the wall: by half hour, by number, and of the last thirty minutes. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ivr.records.derive.record_parts import Outcome
from ivr.records.store.call_moments import CallMoments

_HALF_HOUR = timedelta(minutes=30)
_PROMISE = timedelta(seconds=15)  # GB/T 33358-2016


def day_view(
    today: Iterable[CallMoments], last_week: Iterable[CallMoments], now: datetime, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return the figures of today and of the same day a week ago; ``now`` is the city's time."""
    calls = list(today)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    numbers: defaultdict[str, list[CallMoments]] = defaultdict(list)
    for call in calls:
        numbers[call.dialled].append(call)
    return {
        "at": now.isoformat(timespec="seconds"),
        "day": _figures(calls),
        "last_30_min": _figures([call for call in calls if call.started_at >= now - _HALF_HOUR]),
        "by_half_hour": _by_half_hour(calls, midnight),
        "last_week": _by_half_hour(list(last_week), midnight - timedelta(days=7)),
        "by_number": [
            {"number": number, "name": names.get(number, ""), "mode": of_number[0].mode or "", **_figures(of_number)}
            for number, of_number in sorted(numbers.items(), key=lambda item: -len(item[1]))
        ],
        "by_mode": dict(Counter(call.mode or "" for call in calls)),
    }


def _by_half_hour(calls: Iterable[CallMoments], midnight: datetime) -> list[dict[str, Any]]:
    half_hours: defaultdict[int, list[CallMoments]] = defaultdict(list)
    for call in calls:
        half_hours[(call.started_at - midnight) // _HALF_HOUR].append(call)
    return [
        {"from": (midnight + index * _HALF_HOUR).isoformat(timespec="minutes"), **_figures(half_hours.get(index, []))}
        for index in range(48)
    ]


def _figures(calls: Iterable[CallMoments]) -> dict[str, int]:
    ended_calls = [call for call in calls if call.outcome != Outcome.IN_PROGRESS]
    return {
        "offered": len(ended_calls),
        "answered": sum(call.outcome == Outcome.ANSWERED for call in ended_calls),
        "within_15s": sum(_is_answered_in_time(call, call.started_at) for call in ended_calls),
        "within_15s_of_offer": sum(_is_answered_in_time(call, call.first_offer_at) for call in ended_calls),
        "abandoned": sum(call.outcome == Outcome.ABANDONED for call in ended_calls),
        "messages": sum(call.outcome == Outcome.MESSAGE for call in ended_calls),
    }


def _is_answered_in_time(call: CallMoments, since: datetime | None) -> bool:
    """Return whether an agent, expert or center answered within the promised time."""
    return since is not None and call.answered_at is not None and call.answered_at - since <= _PROMISE
