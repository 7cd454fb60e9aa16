"""The delay between an event of Asterisk and its display in a page. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ivr.asterisk.logs.cel import CelEvent, CelEventType

PageMessages = Sequence[tuple[float, dict[str, Any]]]
"""The messages of a page, each with the time (seconds since 1970) at which it came."""

Shows = Callable[[dict[str, Any]], bool]


def delays(events: Iterable[CelEvent], messages: PageMessages) -> dict[str, list[float]]:
    """Return the sorted delays in milliseconds, by the name of the event."""
    changes = [(at, message) for at, message in messages if message["type"] == "change"]
    found: defaultdict[str, list[float]] = defaultdict(list)
    for event in events:
        for event_name, shows in _shown_by(event):
            began = event.at.timestamp()
            at = next((at for at, message in changes if at >= began and shows(message)), None)
            if at is not None:
                found[event_name].append((at - began) * 1000)
    return {event_name: sorted(delays_ms) for event_name, delays_ms in found.items()}


def percentile(delays: Sequence[float], share: float) -> float:
    """Return the delay that a share of the sorted delays does not exceed."""
    return delays[max(0, round(len(delays) * share + 0.5) - 1)]


def _shown_by(event: CelEvent) -> Iterator[tuple[str, Shows]]:
    def call(message: dict[str, Any]) -> dict[str, Any]:
        live_call: dict[str, Any] = message["set"].get("calls", {}).get(event.linkedid, {})
        return live_call

    is_seat = event.channel.startswith("PJSIP/8")
    match event.type:
        case CelEventType.CHAN_START if is_seat:
            yield "a seat's phone rings", lambda message: event.peer in call(message).get("ringing", ())
        case CelEventType.ANSWER if is_seat:
            answered_party = {"party": event.peer, "state": "up"}
            yield (
                "a seat answers",
                lambda message: any(
                    answered_party.items() <= party.items() for party in call(message).get("parties", ())
                ),
            )
        case CelEventType.LINKEDID_END:
            yield "the call is over", lambda message: event.linkedid in message["gone"].get("calls", ())
