"""The news of an alarm for receivers: raised, repeated, acknowledged, ended, or a trial. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from ivr.alarms.alarm_rules import AlarmKind
from ivr.alarms.alarm_steps import RaisedAlarm
from ivr.alarms.alarm_words import alarm_text
from ivr.registry.model import Registry
from ivr.routing.calendar import city_time
from ivr.texts import _


class NewsKind(StrEnum):
    """The reason of a message: an event of an alarm, or of a work order."""

    RAISED = "raised"
    REPEATED = "repeated"
    ACKNOWLEDGED = "acknowledged"
    ENDED = "ended"
    TRIAL = "trial"
    ORDER_REMINDER = "order-reminder"
    FOLLOW_UP_LINK = "follow-up-link"


@dataclass(frozen=True, slots=True)
class AlarmNews:
    """A message to a receiver."""

    id: str  # the same for each receiver and each attempt
    event: NewsKind
    kind: str  # an `AlarmKind`; "" of a trial
    about: str
    city: str
    at: datetime  # aware
    text: str  # whole, in Chinese or English
    to: tuple[str, ...] = ()  # addresses of mail in place of the receiver's own; a citizen's number

    @property
    def subject(self) -> str:
        """The first line, for mail."""
        return self.text.partition("\n")[0]

    def to_json(self) -> dict[str, str]:
        """Return the fields by name, as `ivr.registry.field_types.ALARM_FIELDS` has them."""
        city_time_text = city_time(self.at).isoformat(timespec="seconds")
        return {
            "id": self.id, "event": self.event.value, "kind": self.kind, "about": self.about, "city": self.city,
            "at": city_time_text, "text": self.text, "to": ",".join(self.to),
        }  # fmt: skip


def news_of(alarm: RaisedAlarm, event: NewsKind, registry: Registry, event_time: datetime) -> AlarmNews:
    """Return the message about an alarm."""
    fault = alarm_text(alarm.kind, alarm.about, alarm.figure, registry)
    match event:
        case NewsKind.RAISED:
            sentence = _("Alarm {id}: {what}")
        case NewsKind.REPEATED:
            sentence = _("Alarm {id}, not acknowledged yet: {what}")
        case NewsKind.ACKNOWLEDGED:
            sentence = _("Alarm {id}, acknowledged by {by}: {what}")
        case NewsKind.ENDED:
            sentence = _("Alarm {id} is over: {what}")
        case NewsKind.TRIAL | NewsKind.ORDER_REMINDER | NewsKind.FOLLOW_UP_LINK:
            raise AssertionError("it is of no alarm")
        case _:
            assert_never(event)
    first_line = _first(registry, sentence.format(id=alarm.id, what=fault, by=alarm.acknowledged_by))
    text = "\n".join(filter(None, (first_line, alarm.note, _since(alarm.raised_at))))
    identity = f"alarm:{alarm.id}:{event}:{event_time.timestamp():.0f}"
    return AlarmNews(identity, event, alarm.kind.value, alarm.about, registry.city.name, event_time, text)


def trial_news(registry: Registry, sent_at: datetime, sender: str) -> AlarmNews:
    """Return the message of a trial."""
    text = _first(registry, _("A trial of the alarms, sent by {by}. Nothing is wrong.").format(by=sender))
    return AlarmNews(f"trial:{sent_at.timestamp():.0f}", NewsKind.TRIAL, "", "", registry.city.name, sent_at, text)


def kind_of(text: str) -> AlarmKind | None:
    """Return the kind of alarm with this name; None for a name of an earlier version."""
    return AlarmKind(text) if text in set(AlarmKind) else None


def _first(registry: Registry, line: str) -> str:
    return f"[{registry.city.name}{registry.hotline.number}] {line}"


def _since(raised_at: datetime) -> str:
    return _("since {time}").format(time=city_time(raised_at).strftime("%Y-%m-%d %H:%M:%S"))
