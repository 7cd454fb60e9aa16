"""Reads the receivers for units, policy officers and citizens in orders.yaml; they are receivers of alarms."""

from dataclasses import replace

from ivr.orders.directory_model import FollowUpLink, UnitNotice
from ivr.registry import field_types
from ivr.registry.alarm_model import ReceiverKind
from ivr.registry.fields import Fields
from ivr.registry.model import Registry
from ivr.registry.quoting import shown, with_nearest
from ivr.texts import _


def read_notice(fields: Fields, registry: Registry, *, needed: bool = True) -> UnitNotice | None:
    """Read `receiver` and `to`, with their problems."""
    receivers = registry.alarms.receivers
    receiver = (fields.need if needed else fields.maybe)("receiver", field_types.key_name)
    addresses = tuple(address for address, _place in fields.texts("to", field_types.mail_address))
    if receiver is None:
        return None
    if receiver not in receivers:
        message = _("receiver: {value} is not under alarms: receivers of numbers.yaml")
        fields.refuse(fields.at("receiver"), with_nearest(message.format(value=shown(receiver)), receiver, receivers))
    elif addresses and receivers[receiver].kind is not ReceiverKind.MAIL:
        fields.refuse(fields.at("to"), _("to: only a receiver of the kind mail has addresses"))
    return UnitNotice(receiver, addresses)


def read_link(follow_ups: Fields, registry: Registry, *, has_page: bool) -> FollowUpLink | None:
    """Read the section `link` of the follow-ups, with its problems.

    Args:
        follow_ups: the section `follow_ups`.
        registry: the registry with the receivers.
        has_page: whether orders.yaml has a citizens' page.
    """
    section = follow_ups.section("link")
    if section is None:
        return None
    notice = read_notice(section, registry)
    page = section.need("page", field_types.url)
    wait = section.maybe("wait", field_types.whole(1, 240))
    receiver = registry.alarms.receivers.get(notice.receiver) if notice else None
    if receiver is not None and receiver.kind is not ReceiverKind.JSON:
        section.refuse(section.at("receiver"), _("receiver: a message to a citizen needs one of the kind json"))
    if not has_page:
        section.refuse(follow_ups.at("link"), _("link: leads to the citizens' page, which citizen_page: opens"))
    if not section.done() or notice is None or page is None:
        follow_ups.refuse_quietly()
        return None
    link = FollowUpLink(notice.receiver, page.rstrip("/"))
    return link if wait is None else replace(link, wait=wait)
