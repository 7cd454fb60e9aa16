"""Protection of the hotline: limits of calls at once, and blocked callers."""

from ivr.registry import field_types
from ivr.registry.draft import Draft
from ivr.registry.fields import Fields
from ivr.registry.model import Blocked, Limits
from ivr.texts import _


def read_limits(top: Fields, draft: Draft) -> None:
    """Read `limits`; each has its default."""
    fields = top.section("limits")
    if fields is None:
        return
    default = draft.limits
    draft.limits = Limits(
        # A call that comes back from a center counts as a second call of its caller.
        caller=fields.maybe("caller", field_types.whole(2, 1000)) or default.caller,
        trunk=fields.maybe("trunk", field_types.whole(1, 10000)) or default.trunk,
    )
    fields.done()


def read_blocked(top: Fields, draft: Draft) -> None:
    """Read the list `blocked`."""
    for fields in top.entries("blocked"):
        number = fields.need("number", field_types.caller_number)
        reason = fields.need("reason", field_types.remark)
        until = fields.need("until", field_types.day)
        if number in draft.blocked:
            message = _("number: {number} is blocked twice; the first is on line {line}")
            line = draft.blocked[number].place.line
            fields.refuse(fields.at("number"), message.format(number=number, line=line))
        if fields.done() and number is not None and reason is not None and until is not None:
            draft.blocked[number] = Blocked(number, reason, until, fields.place)
