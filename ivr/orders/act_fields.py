"""The fields of acts on work orders, each with its check. Pure."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from ivr.field_checks import FieldRefused, checked_value, pattern, text, texts, whole
from ivr.texts import _

FieldValue = str | int | bool | tuple[str, ...]


class Ground(StrEnum):
    """The grounds for not taking up a matter, in the order of 郴政办发〔2021〕22号, 二(二)5."""

    SECRET = "secret"
    LEGAL = "legal"
    PETITION = "petition"
    REPEATED = "repeated"
    EMERGENCY = "emergency"
    UNLAWFUL = "unlawful"
    PARTY = "party"
    MILITARY = "military"
    JURISDICTION = "jurisdiction"
    OTHER = "other"


def ground_title(ground: Ground) -> str:
    """Return a ground in words, for the person who explains it to the citizen."""
    return {
        Ground.SECRET: _("it concerns state secrets, trade secrets or personal privacy"),
        Ground.LEGAL: _("it belongs before a court, an arbitration or an administrative reconsideration"),
        Ground.PETITION: _("the petition procedure has taken it up, handled it or ended it"),
        Ground.REPEATED: _("the same matter of the same person is in hand or was settled, and nothing new was said"),
        Ground.EMERGENCY: _("it belongs to 110, 119, 120 or 122"),
        Ground.UNLAWFUL: _("it is against the law or public order"),
        Ground.PARTY: _("it belongs to the Party committee, the People's Congress or the CPPCC"),
        Ground.MILITARY: _("it belongs to the army or the armed police"),
        Ground.JURISDICTION: _("it is beyond the powers of this level of government"),
        Ground.OTHER: _("another reason"),
    }[ground]


class OrderChannel(StrEnum):
    """The channel by which a work order came in."""

    MESSAGE = "message"  # 留言
    CALL = "call"  # an agent made it during a call, by *9 or at the desk
    CALLBACK = "callback"  # a caller who asked to be called back could not be reached
    DESK = "desk"  # an agent or an admin made it without a call
    API = "api"
    WEB = "web"  # the citizen's own page
    PLATFORM = "platform"  # 平台转来: a platform or another hotline sent it


_SHORT, _LONG = 200, 5000
LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of a file that belongs to a work order."""


def _text(longest: int) -> Callable[[Any], str]:
    return text(longest, keeps="\n\t")


def _yes_no(value: Any) -> FieldValue:  # noqa: ANN401
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return bool(value == "yes")
    raise FieldRefused(_("must be yes or no"))


def _word(words: type[StrEnum]) -> Callable[[Any], FieldValue]:
    def check(value: Any) -> FieldValue:  # noqa: ANN401
        if value not in [word.value for word in words]:
            raise FieldRefused(_("must be one of {words}").format(words=", ".join(words)))
        return str(value)

    return check


_CHECKS: Mapping[str, Callable[[Any], FieldValue]] = {
    "title": _text(100),
    "content": _text(_LONG),
    "caller": pattern(r"(\+?[0-9]{3,20})?"),
    "contact": _text(40),
    "number": pattern(r"[0-9]{0,12}"),
    "county": _text(40),
    "place": _text(_SHORT),
    "kind": pattern(r"[a-z][a-z0-9-]{0,39}"),
    "class": pattern(r"[a-z][a-z0-9-]{0,39}"),
    "confidential": _yes_no,
    "enterprise": _yes_no,  # an enterprise asks (企业诉求)
    "company": _text(100),  # its name
    "officer": _text(40),  # policy officer (政策专员)
    "channel": _word(OrderChannel),
    "source": pattern(r"[\w.:*+-]{1,100}"),
    "call_id": pattern(r"[\w.:+-]{1,80}"),
    "said": _text(_SHORT * 5),
    "recording": pattern(r"[\w-]{1,100}\.wav"),
    "seconds": whole(0, 9999),  # of the message
    "earlier": pattern(r"[0-9]{12}"),
    "unit": _text(40),
    "suggested_unit": _text(40),
    "helpers": texts(10, 40),
    "text": _text(_LONG),
    "answer": _text(_LONG),
    "reason": _text(_SHORT * 5),
    "days": whole(1, 250),
    "solved": _yes_no,
    "satisfaction": whole(1, 5),
    "opinion": _text(_LONG),
    "into": pattern(r"[0-9]{12}"),
    "ground": _word(Ground),
    "turn_to": _text(_SHORT),
    "file": pattern(r"[0-9a-f]{64}"),
    "name": _text(100),
    "media": pattern(r"[a-z]+/[a-z0-9.+-]{1,80}"),
    "size": whole(1, LARGEST_FILE),
    "stage": pattern(r"[a-z][a-z0-9-]{0,39}"),
}
FIELDS = tuple(_CHECKS)
"""The names of all fields."""


def checked_field(name: str, value: Any) -> FieldValue:  # noqa: ANN401 - any JSON value may come
    """Return the value of a field.

    Raises:
        FieldRefused: there is no such field, or its check refuses the value.
    """
    return checked_value(_CHECKS, name, value)
