"""The kinds of value in a registry. Each function turns text into a value, or refuses the text with a reason."""

import re
from collections.abc import Callable
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from ivr.registry.alarm_model import MailSecurity, ReceiverKind
from ivr.registry.model import GroupKind, Mode, SecondPhone
from ivr.registry.quoting import shown, with_nearest
from ivr.texts import _

_Word = TypeVar("_Word", bound=StrEnum)
# Characters with a meaning in a SIP header, a dialplan or a Dial string.
_UNSAFE = frozenset("\"'`,;:<>()[]{}$&|@\\%=~^#?!*")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_PROMPT = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*")
_CHINESE = "[\u3007\u4e00-\u9fff]+"
_ALWAYS = re.compile(r"(7|七)\s*[×xX*·✕]\s*24(小时)?|24小时|全天|always", re.IGNORECASE)
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days of the week as keys of `hours`, in the order of `date.weekday`."""


class RefusedError(ValueError):
    """The text is no value of the kind; the message has the reason, for an admin."""


def _digits(text: str, low: int, high: int) -> str:
    if not re.fullmatch(r"[0-9]+", text):
        raise RefusedError(_("{value} is not a number: digits only").format(value=shown(text)))
    if not low <= len(text) <= high:
        message = _("{value} has {count} digits; {low} to {high} are allowed")
        raise RefusedError(message.format(value=shown(text), count=len(text), low=low, high=high))
    return text


def line_number(text: str) -> str:
    """A number that citizens dial, as local people write it: 3 to 12 digits, no area code."""
    if _digits(text, 3, 12).startswith("0"):
        message = _("{value} starts with 0; write the number as it is dialled locally, without area code")
        raise RefusedError(message.format(value=shown(text)))
    return text


def seat_number(text: str) -> str:
    """A seat's SIP account: 3 to 6 digits, none of them a leading 0."""
    if _digits(text, 3, 6).startswith("0"):
        raise RefusedError(_("{value} starts with 0; a seat's number cannot").format(value=shown(text)))
    return text


def reach(text: str) -> str:
    """Digits for the carrier: 3 to 12, never an international call."""
    if text.startswith("00"):
        raise RefusedError(_("{value} would dial abroad; a hotline never does").format(value=shown(text)))
    return _digits(text, 3, 12)


def caller_number(text: str) -> str:
    """A caller's number: 3 to 15 digits (E.164), in any spelling that `ivr.routing.spelling` knows, without plus."""
    return _digits(text, 3, 15)


def area_code(text: str) -> str:
    """An area code with its trunk zero, "0735"."""
    if not re.fullmatch(r"0[1-9][0-9]{1,2}", text):
        message = _('{value} is not an area code; write it with its zero, as in "0735"')
        raise RefusedError(message.format(value=shown(text)))
    return text


def country_code(text: str) -> str:
    """A country code without plus, "86"."""
    if not re.fullmatch(r"[1-9][0-9]{0,2}", text):
        message = _('{value} is not a country code; write it without plus or zeros, as in "86"')
        raise RefusedError(message.format(value=shown(text)))
    return text


def name(text: str) -> str:
    """A name as people read it, at most 40 characters, safe in a SIP header and a dialplan."""
    remark(text, longest=40)
    for character in text:
        if character in _UNSAFE:
            message = _("{character} cannot stand in a name (phones would misread it); full-width （），：are fine")
            raise RefusedError(message.format(character=shown(character)))
    if not text:
        raise RefusedError(_("is empty"))
    return text


def unit(text: str) -> str:
    """A responsible unit (责任单位): a name, or empty if the plan names none."""
    return name(text) if text else ""


def remark(text: str, longest: int = 200) -> str:
    """Free text that only people read."""
    if len(text) > longest:
        raise RefusedError(
            _("is too long: {count} characters, {longest} at most").format(count=len(text), longest=longest)
        )
    for character in text:
        if not character.isprintable():
            message = _("the invisible character {code} cannot stand in a text")
            raise RefusedError(message.format(code=f"U+{ord(character):04X}"))
    return text


def sentence(text: str) -> str:
    """A sentence of an agent's script, at most 200 characters."""
    return _not_empty(remark(text))


def list_item(text: str) -> str:
    """An item of an agent's checklist, at most 60 characters."""
    return _not_empty(remark(text, longest=60))


def result(text: str) -> str:
    """A result of a call, at most 20 characters."""
    return _not_empty(remark(text, longest=20))


def _not_empty(text: str) -> str:
    if not text.strip():
        raise RefusedError(_("is empty"))
    return text


def key_name(text: str) -> str:
    """The name of a group, menu or set of hours."""
    if not _NAME.fullmatch(text):
        message = _("{value} is not a name for this; use a-z, 0-9 and -, starting with a letter, 40 at most")
        raise RefusedError(message.format(value=shown(text)))
    return text


def hours_name(text: str) -> str:
    """The name of a set of hours. A line that is staffed at all times names none."""
    if _ALWAYS.fullmatch(text):
        raise RefusedError(_("{value} needs no key: a line without hours is staffed 7×24").format(value=shown(text)))
    return key_name(text)


def prompt(text: str) -> str:
    """A prompt id: the recording's path under recordings/zh without .wav."""
    if not _PROMPT.fullmatch(text):
        message = _("{value} is not a prompt; write the path under recordings/zh without .wav, as in menu-main")
        raise RefusedError(message.format(value=shown(text)))
    return text


def host(text: str) -> str:
    """A host name or an IPv4 address."""
    if not _HOST.fullmatch(text):
        raise RefusedError(_("{value} is neither a host name nor an address").format(value=shown(text)))
    return text


def url(text: str) -> str:
    """A web address, http or https, without a user or password in it."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?(/[A-Za-z0-9._~/%-]*)?", text):
        message = _("{value} is not a web address; write it as in http://192.0.2.20:8080/calls, without a password")
        raise RefusedError(message.format(value=shown(text)))
    return text


ALARM_FIELDS = ("city", "text", "kind", "about", "event", "at", "id", "to")
"""The names in braces that a body for alarms may have."""


def alarm_text(text: str) -> str:
    """A field of the body that a receiver of alarms gets: 500 characters, with names in braces."""
    unknown = sorted({field for field in re.findall(r"\{([^{}]*)\}", text) if field not in ALARM_FIELDS})
    without_fields = re.sub(r"\{[a-z]+\}", "", text)
    if unknown or "{" in without_fields or "}" in without_fields:
        field_names = ", ".join(f"{{{name}}}" for name in ALARM_FIELDS)
        raise RefusedError(_("braces hold one of these names: {names}").format(names=field_names))
    return remark(text, longest=500)


def mail_address(text: str) -> str:
    """An address of mail: ``name@host``."""
    if not re.fullmatch(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", text):
        raise RefusedError(_("{value} is not a mail address").format(value=shown(text)))
    return text


def mail_user(text: str) -> str:
    """The user of a mail server."""
    if not re.fullmatch(r"[A-Za-z0-9._@+-]{1,128}", text):
        raise RefusedError(_("{value} is not a user name for a mail server").format(value=shown(text)))
    return text


def receiver_kind(text: str) -> ReceiverKind:
    """The kind of a receiver of alarms."""
    return _word(text, ReceiverKind, _("{value} is not a kind of receiver"))


def mail_security(text: str) -> MailSecurity:
    """The security of the connection to a mail server."""
    return _word(text, MailSecurity, _("{value} is not a way to protect mail"))


def menu_key(text: str) -> str:
    """A key that a menu can use."""
    if not re.fullmatch(r"[0-9*]", text):
        raise RefusedError(_('{value} is not a key of a menu; use one of "0" to "9", or "*"').format(value=shown(text)))
    return text


def phrase(text: str) -> str:
    """Words that citizens say: 2 to 20 Chinese characters."""
    return _chinese(text, 2, 20)


def answer(text: str) -> str:
    """A word for yes or no: 1 to 6 Chinese characters."""
    return _chinese(text, 1, 6)


def _chinese(text: str, low: int, high: int) -> str:
    phrases = re.split(r"[、，,；;。/ ]+", text)
    if len(phrases) > 1 and all(re.fullmatch(_CHINESE, one_phrase) for one_phrase in phrases if one_phrase):
        several = ", ".join(one_phrase for one_phrase in phrases if one_phrase)
        message = _("{value} holds several phrases: write each one as an item, as in [{several}]")
        raise RefusedError(message.format(value=shown(text), several=several))
    if not re.fullmatch(_CHINESE, text):
        message = _("{value} is not Chinese text: Chinese characters only, as citizens say it")
        raise RefusedError(message.format(value=shown(text)))
    if not low <= len(text) <= high:
        message = _("{value} has {count} characters; {low} to {high} are allowed")
        raise RefusedError(message.format(value=shown(text), count=len(text), low=low, high=high))
    return text


def yes(text: str) -> bool:
    """Only true, because a key with the value false is left out."""
    if text != "true":
        raise RefusedError(_("can only be true; leave the key out otherwise"))
    return True


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number from ``low`` to ``high``."""

    def kind(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise RefusedError(_("{value} is not a whole number").format(value=shown(text)))
        if not low <= int(text) <= high:
            message = _("{value} is out of range; {low} to {high} are allowed")
            raise RefusedError(message.format(value=text, low=low, high=high))
        return int(text)

    return kind


def mode(text: str) -> Mode:
    """The mode of a line."""
    return _word(text, Mode, _("{value} is not a mode"))


def group_kind(text: str) -> GroupKind:
    """The kind of a group."""
    return _word(text, GroupKind, _("{value} is not a kind of group"))


def second_phone(text: str) -> SecondPhone:
    """The rule for a second phone with a seat's account."""
    return _word(text, SecondPhone, _("{value} is not a way to treat a second phone"))


def _word(text: str, words: type[_Word], message: str) -> _Word:
    try:
        return words(text)
    except ValueError:
        raise RefusedError(with_nearest(message.format(value=shown(text)), text, words)) from None


def day(text: str) -> date:
    """A date, year-month-day."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RefusedError(_("{value} is not a date; write year-month-day, as in 2027-03-31").format(value=shown(text)))


def weekday(text: str) -> int:
    """A day of the week, "mon" to "sun"; Monday is 0."""
    try:
        return WEEKDAYS.index(text)
    except ValueError:
        message = _("{value} is not a day of the week").format(value=shown(text))
        raise RefusedError(with_nearest(message, text, WEEKDAYS)) from None


def number_pattern(text: str) -> str:
    """A pattern of numbers that may be dialled: 7 to 12 digits, X for any digit, [2-8] for a range; never abroad."""
    signs = re.fullmatch(r"(?:[0-9X]|\[[0-9]-[0-9]\])+", text)
    length = len(re.sub(r"\[...\]", "X", text))
    if not signs or not 7 <= length <= 12:
        message = _(
            "{value} is not a pattern of numbers; write 7 to 12 digits, X for any digit, [2-8] for one of these"
        )
        raise RefusedError(message.format(value=shown(text)))
    if _may_begin_with_00(text):
        raise RefusedError(_("{value} would dial abroad; a hotline never does").format(value=shown(text)))
    return text


def _may_begin_with_00(pattern: str) -> bool:
    first_two = re.match(r"(\[.-.\]|.)(\[.-.\]|.)", pattern)
    return first_two is not None and all(re.fullmatch(r"0|X|\[0-.\]", sign) for sign in first_two.groups())


def span(text: str) -> tuple[time, time]:
    """Opening hours of one day, "08:30-12:00". The end 24:00 is the last moment of the day."""
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)", text)
    if _ALWAYS.fullmatch(text):
        raise RefusedError(
            _('{value} is not a span of time; for a whole day write "00:00-24:00"').format(value=shown(text))
        )
    if not match:
        raise RefusedError(_('{value} is not a span of time; write it as "08:30-12:00"').format(value=shown(text)))
    start = time(int(match[1]), int(match[2]))
    end = time(int(match[3]), int(match[4])) if match[3] else time.max
    if end <= start:
        message = _("{value} ends before it starts; hours past midnight are two spans, on two days")
        raise RefusedError(message.format(value=shown(text)))
    return start, end
