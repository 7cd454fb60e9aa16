"""The surroundings of the hotline: city, linkage services, timers."""

from ivr.registry import field_types
from ivr.registry.draft import Draft, Entry
from ivr.registry.fields import Fields
from ivr.registry.model import City, Linkage, Timers
from ivr.registry.sections.phrases import collect_phrases, read_phrases
from ivr.texts import _


def read_city(top: Fields, draft: Draft) -> None:
    """Read `city`."""
    top.require("city")
    fields = top.section("city")
    if fields is None:
        return
    name = fields.need("name", field_types.name)
    area_code = fields.need("area_code", field_types.area_code)
    country_code = fields.need("country_code", field_types.country_code)
    if fields.done() and name is not None and area_code is not None and country_code is not None:
        draft.city = City(name, area_code, country_code)


def read_linkage(top: Fields, draft: Draft) -> None:
    """Read the list `linkage`; without the key `reach`, the carrier gets the number of the service."""
    for fields in top.entries("linkage"):
        number = fields.need("number", field_types.line_number)
        name = fields.need("name", field_types.name)
        reach = fields.maybe("reach", field_types.reach)
        phrases, matters = read_phrases(fields, "phrases"), read_phrases(fields, "matters")
        if fields.done() and number is not None and name is not None:
            service = Linkage(number, name, reach or number, fields.place, tuple(phrases), tuple(matters))
            draft.linkage.append(Entry(service, fields))
            collect_phrases(draft, phrases, _("linkage {number}").format(number=number))


def read_timers(top: Fields, draft: Draft) -> None:
    """Read `timers`; each has its default. The bounds keep a caller from waiting idly."""
    draft.timers = Timers(expert=20, center=25, seat=15, menu=5, message=120, rating=6)
    fields = top.section("timers")
    if fields is None:
        return
    default = draft.timers
    rating = fields.maybe("rating", field_types.whole(0, 30))
    draft.timers = Timers(
        expert=fields.maybe("expert", field_types.whole(5, 60)) or default.expert,
        center=fields.maybe("center", field_types.whole(5, 60)) or default.center,
        seat=fields.maybe("seat", field_types.whole(5, 60)) or default.seat,
        menu=fields.maybe("menu", field_types.whole(1, 30)) or default.menu,
        message=fields.maybe("message", field_types.whole(10, 600)) or default.message,
        rating=default.rating if rating is None else rating,
        patience=fields.maybe("patience", field_types.whole(10, 300)) or default.patience,
        wrapup=fields.maybe("wrapup", field_types.whole(0, 600)) or default.wrapup,
    )
    fields.done()
