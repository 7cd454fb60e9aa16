"""The sections of numbers.yaml, each read on its own into a draft."""

from ivr.registry.draft import Draft
from ivr.registry.fields import Fields
from ivr.registry.sections import after, calendar, lines, menus, outside, people, phrases, protection


def read_all(top: Fields) -> Draft:
    """Read every section of the file, noting what is wrong inside each."""
    draft = Draft(top.place)
    outside.read_city(top, draft)
    lines.read_lines(top, draft)
    people.read_groups(top, draft)
    people.read_seats(top, draft)
    menus.read_menus(top, draft)
    calendar.read_hours(top, draft)
    calendar.read_holidays(top, draft)
    outside.read_linkage(top, draft)
    phrases.read_unclear(top, draft)
    phrases.read_emergencies(top, draft)
    phrases.read_answers(top, draft)
    outside.read_carrier(top, draft)
    outside.read_timers(top, draft)
    protection.read_limits(top, draft)
    protection.read_blocked(top, draft)
    after.read_kept(top, draft)
    after.read_callbacks(top, draft)
    after.read_events(top, draft)
    top.done()
    return draft
