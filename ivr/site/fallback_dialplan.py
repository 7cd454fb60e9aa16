"""The dialplan's fallback routes, from the registry, with the call events of a call script for the record."""

from datetime import datetime
from typing import assert_never
from urllib.parse import quote

from ivr.asterisk import steps
from ivr.asterisk.config.render import FallbackRoute
from ivr.asterisk.queue_names import queue_name
from ivr.asterisk.steps import Offered, Subroutine
from ivr.asterisk.variables import Variable
from ivr.call_events.codec import encode
from ivr.call_events.values import SeatKind
from ivr.call_events.vocabulary import OfferStarted, RouteChosen
from ivr.registry.model import Registry
from ivr.routing.fallback_routes import Offer, StaticRoute, static_routes
from ivr.routing.plan import Agents, OfferCenter, OfferExpert


def fallback_routes(registry: Registry, at: datetime) -> tuple[FallbackRoute, ...]:
    """Return the fallback route of each number. Pure."""
    return tuple(_route(registry, route) for route in static_routes(registry, at))


def _route(registry: Registry, route: StaticRoute) -> FallbackRoute:
    plan = route.plan
    mode = plan.entry.mode.value if plan.entry else ""
    # The caller's number, and an unregistered number dialled, are channel variables, which the dialplan has filtered.
    name, extra = encode(RouteChosen(plan.dialled or "NUMBER", "CALLER", plan.line.number, mode, plan.chain, plan.gap))
    dialled, caller = f"${{FILTER(0-9,${{{Variable.DIALLED}}})}}", f"${{STRREPLACE({Variable.CALLER},+,%2B)}}"
    extra = extra.replace("=NUMBER", f"={dialled}").replace("=CALLER", f"={caller}")
    return FallbackRoute(
        extension=plan.dialled or "s",
        other_spellings=tuple(spelling for spelling in route.spellings if spelling != plan.dialled),
        line=plan.dialled or dialled,
        unit=quote(plan.line.unit),
        event=f"{name},{extra}",
        offers=tuple(_offer(registry, offer, route.shown) for offer in route.offers),
    )


def _offer(registry: Registry, offer: Offer, caller_name: str) -> Subroutine:
    match offer:
        case OfferCenter():
            call = Offered(_event(SeatKind.CENTER, offer.number), "", caller_name)
            return steps.offer_center(call, reach=offer.reach, seconds=offer.seconds)
        case OfferExpert():
            call = Offered(_event(SeatKind.EXPERT, offer.group), "", caller_name)
            return steps.offer_expert(call, queue=queue_name(offer.group), seconds=offer.seconds)
        case Agents():
            call, group = Offered(_event(SeatKind.GENERAL, offer.group), "", caller_name), registry.groups[offer.group]
            queue = queue_name(offer.group)
            return steps.offer_agents(call, queue=queue, limit=group.limit, priority=group.priority)
        case _:
            assert_never(offer)


def _event(kind: SeatKind, target: str) -> str:
    return encode(OfferStarted(kind, target))[1]
