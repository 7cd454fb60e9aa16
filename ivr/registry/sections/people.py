"""Groups of seats, and the seats."""

from ivr.registry import field_types, trunk_types
from ivr.registry.draft import Draft, Entry
from ivr.registry.fields import Fields
from ivr.registry.model import Group, Seat, SecondPhone
from ivr.registry.quoting import shown, with_nearest
from ivr.registry.trunk_model import SipTransport
from ivr.texts import _

_LIMIT = 50  # callers in the queue at once, unless the group has a limit of its own


def read_groups(top: Fields, draft: Draft) -> None:
    """Read the mapping `groups`."""
    top.require("groups")
    draft.declared.groups = top.names("groups")
    draft.groups_read = top.section("groups") is not None
    for name, place, fields in top.named("groups", field_types.key_name):
        title = fields.need("title", field_types.name)
        kind = fields.need("kind", field_types.group_kind)
        limit = fields.maybe("limit", field_types.whole(1, 1000))
        overflow = fields.maybe("overflow", field_types.key_name)
        priority = fields.maybe("priority", field_types.whole(0, 9)) or 0
        if fields.done() and title is not None and kind is not None:
            draft.groups[name] = Entry(Group(name, title, kind, limit or _LIMIT, place, overflow, priority), fields)


def read_seats(top: Fields, draft: Draft) -> None:
    """Read the list `seats`."""
    top.require("seats")
    for fields in top.entries("seats"):
        number = fields.need("number", field_types.seat_number)
        name = fields.need("name", field_types.name)
        groups = _groups(fields, draft)
        supervisor = bool(fields.maybe("supervisor", field_types.yes))
        transport = fields.maybe("transport", trunk_types.seat_transport) or SipTransport.UDP
        second = fields.maybe("second_phone", field_types.second_phone) or SecondPhone.REPLACES
        if fields.done() and number is not None and name is not None:
            draft.seats.append(Entry(Seat(number, name, groups, fields.place, supervisor, transport, second), fields))


def _groups(fields: Fields, draft: Draft) -> tuple[str, ...]:
    fields.require("groups")
    groups: list[str] = []
    for group, place in fields.texts("groups", field_types.key_name):
        draft.declared.seated.add(group)
        if group in groups:
            fields.refuse(place, _("groups: {group} is named twice").format(group=group))
        elif group not in draft.declared.groups:
            message = _("groups: there is no group {name}").format(name=shown(group))
            fields.refuse(place, with_nearest(message, group, draft.declared.groups))
        groups.append(group)
    if fields.length("groups") == 0:
        fields.refuse(fields.at("groups"), _("groups: a seat serves at least one group"))
    return tuple(groups)
