"""The sections of numbers.yaml, each read on its own into a draft."""

from ivr.registry.draft import Draft
from ivr.registry.fields import Fields
from ivr.registry.sections import (
    alarms,
    calendar,
    lines,
    linkage,
    menus,
    people,
    phrases,
    protection,
    retention,
    trunks,
)


def read_all(top: Fields) -> Draft:
    """Read every section of the file, with the problems inside each section."""
    draft = Draft(top.place)
    linkage.read_city(top, draft)
    lines.read_lines(top, draft)
    people.read_groups(top, draft)
    people.read_seats(top, draft)
    menus.read_menus(top, draft)
    calendar.read_hours(top, draft)
    calendar.read_holidays(top, draft)
    linkage.read_linkage(top, draft)
    phrases.read_unclear(top, draft)
    phrases.read_emergencies(top, draft)
    phrases.read_answers(top, draft)
    trunks.read_trunks(top, draft)
    linkage.read_timers(top, draft)
    protection.read_limits(top, draft)
    protection.read_blocked(top, draft)
    retention.read_kept(top, draft)
    retention.read_callbacks(top, draft)
    retention.read_events(top, draft)
    alarms.read_alarms(top, draft)
    retention.read_knowledge(top, draft)
    top.done()
    return draft
