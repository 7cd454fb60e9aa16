"""The calls' way without any script, from the registry into the dialplan, with the same notes for the record."""

from datetime import datetime
from urllib.parse import quote

from ivr.asterisk.config.render import StaticLine, StaticOffer, queue_name
from ivr.call_events.codec import encode
from ivr.call_events.values import SeatKind
from ivr.call_events.vocabulary import OfferStarted, RouteChosen
from ivr.registry.model import Registry
from ivr.routing.fallback_routes import Offer, StaticRoute, static_routes
from ivr.routing.plan import Agents, OfferCenter, OfferExpert


def static_lines(registry: Registry, at: datetime) -> tuple[StaticLine, ...]:
    """Return what the dialplan does by itself with the calls to each number. Pure."""
    return tuple(_line(registry, route) for route in static_routes(registry, at))


def _line(registry: Registry, route: StaticRoute) -> StaticLine:
    plan = route.plan
    mode = plan.entry.mode.value if plan.entry else ""
    # Caller, and a number that is not registered, are the channel's own, filtered before.
    number = plan.dialled or "NUMBER"
    name, note = encode(RouteChosen(number, "CALLER", plan.line.number, mode, plan.chain, plan.gap))
    note = note.replace("=NUMBER", "=${FILTER(0-9,${DIALLED})}").replace("=CALLER", "=${STRREPLACE(NUMBER,+,%2B)}")
    return StaticLine(
        number=plan.dialled,
        spellings=route.spellings,
        shown=route.shown,
        unit=quote(plan.line.unit),
        route=f"{name},{note}",
        offers=tuple(_offer(registry, offer) for offer in route.offers),
    )


def _offer(registry: Registry, offer: Offer) -> StaticOffer:
    match offer:
        case OfferCenter():
            return StaticOffer(_note(SeatKind.CENTER, offer.number), reach=offer.reach, seconds=offer.seconds)
        case OfferExpert():
            note = _note(SeatKind.EXPERT, offer.group)
            return StaticOffer(note, queue=queue_name(offer.group), seconds=offer.seconds)
        case Agents():
            note, limit = _note(SeatKind.GENERAL, offer.group), registry.groups[offer.group].limit
            return StaticOffer(note, queue=queue_name(offer.group), limit=limit)


def _note(kind: SeatKind, target: str) -> str:
    return ",".join(encode(OfferStarted(kind, target)))
