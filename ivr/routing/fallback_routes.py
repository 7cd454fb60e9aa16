"""The fallback route of each number, for calls without a call script: offers in order, without any decision."""

from dataclasses import dataclass, replace
from datetime import datetime

from ivr.registry.model import Registry
from ivr.routing import decide, display
from ivr.routing.explain import everybody
from ivr.routing.plan import Agents, OfferCenter, OfferExpert, Plan, Step
from ivr.routing.spelling import registered_form

Offer = OfferExpert | OfferCenter | Agents


@dataclass(frozen=True, slots=True)
class StaticRoute:
    """The offers to a caller of one number, in order; after the last offer comes a message."""

    plan: Plan
    spellings: tuple[str, ...]  # every form in which a carrier may write the number, with the number itself
    shown: str  # the caller name on the phones: letters, digits and spaces only
    offers: tuple[Offer, ...]


def static_routes(registry: Registry, at: datetime) -> tuple[StaticRoute, ...]:
    """Return the fallback route of each registered number, and last the route of unregistered numbers.

    A route has the offers that the rules make if every seat is signed in, because a caller leaves a queue without seats
    at once. Hours do not count, so that a closed center may ring. A menu counts as answered by silence.
    """
    always = replace(registry, lines=tuple(replace(line, hours=None) for line in registry.lines))
    live = everybody(always)
    registered_numbers = dict.fromkeys(line.number for line in registry.lines)
    routes = []
    for number in (*registered_numbers, ""):
        plan = decide.plan(always, number, "", at, live)
        routes.append(StaticRoute(plan, _spellings(registry, number), _shown(plan), _offers(plan.steps)))
    return tuple(routes)


def _offers(steps: tuple[Step, ...]) -> tuple[Offer, ...]:
    return tuple(step for step in steps if isinstance(step, Offer))


def _spellings(registry: Registry, number: str) -> tuple[str, ...]:
    """Return the spellings without separators, which a dialplan filters out."""
    city = registry.city
    registered_numbers = {line.number for line in registry.lines}
    area = city.area_code.removeprefix("0")
    codes = ("", *(prefix + city.country_code for prefix in ("", "+", "00")))
    spelled = [code + local + number for code in codes for local in ("", area, city.area_code)]
    return tuple(text for text in spelled if number and registered_form(city, registered_numbers, text) == number)


def _shown(plan: Plan) -> str:
    name = display.caller_name(plan, needs_expert=False, topic="")
    return "".join(sign if sign.isalnum() else " " for sign in name)
