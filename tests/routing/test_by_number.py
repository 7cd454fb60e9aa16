"""Without a script, each number leads to the same targets as with the script, and to no others."""

from datetime import datetime

from ivr.registry.model import Mode, Registry
from ivr.routing import decide
from ivr.routing.calendar import CITY_TIME
from ivr.routing.explain import everybody
from ivr.routing.fallback_routes import static_routes
from ivr.routing.plan import Agents, OfferCenter, OfferExpert
from ivr.routing.spelling import registered_form

NOW = datetime(2026, 10, 1, 3, tzinfo=CITY_TIME)


def test_each_number_gets_the_offers_that_a_script_would_make(chenzhou: Registry) -> None:
    routes = {route.plan.dialled: route for route in static_routes(chenzhou, NOW)}
    assert routes.keys() == {line.number for line in chenzhou.lines} | {""}
    for number, route in routes.items():
        steps = decide.plan(chenzhou, number, "", NOW, everybody(chenzhou)).steps
        assert route.offers == tuple(step for step in steps if isinstance(step, OfferCenter | OfferExpert | Agents))
        assert isinstance(route.offers[-1], Agents)
        assert route.shown.startswith(number or "12345")
        assert all(sign.isalnum() or sign == " " for sign in route.shown)
    centers = {number: route for number, route in routes.items() if isinstance(route.offers[0], OfferCenter)}
    assert centers.keys() == {line.number for line in chenzhou.lines if line.mode is Mode.SUBCENTER}


def test_each_spelling_belongs_to_exactly_one_number(chenzhou: Registry) -> None:
    registered_numbers = {line.number for line in chenzhou.lines}
    spelled = [(text, route.plan.dialled) for route in static_routes(chenzhou, NOW) for text in route.spellings]
    assert len(dict(spelled)) == len(spelled)
    for text, number in spelled:
        assert registered_form(chenzhou.city, registered_numbers, text) == number
    for text in ("12313", "073512313", "8673512313", "+8673512313", "0086073512313", "+8612313", "07352912345"):
        assert text in dict(spelled)
