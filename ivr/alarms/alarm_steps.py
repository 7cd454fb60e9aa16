"""The next steps of alarms, from the conditions of this moment: raise, repeat, end. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.alarms.alarm_rules import OF_STATUS, AlarmCondition, AlarmKind

Subject = tuple[AlarmKind, str]
"""Kind and subject of an alarm: of each there is one open alarm at most."""

_GONE_FOR = timedelta(seconds=30)  # until an alarm ends, so that a limit that is just met raises no row of alarms


@dataclass(frozen=True, slots=True)
class RaisedAlarm:
    """An alarm. Times are aware."""

    id: int
    kind: AlarmKind
    about: str
    figure: int  # the last figure
    raised_at: datetime
    told_at: datetime  # time of the last message to receivers
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""  # user
    note: str = ""
    ended_at: datetime | None = None

    @property
    def subject(self) -> Subject:
        """Kind and subject."""
        return self.kind, self.about


@dataclass(frozen=True, slots=True)
class AlarmSteps:
    """The steps that follow from one check of the hotline."""

    raised: tuple[AlarmCondition, ...]
    repeated: tuple[tuple[RaisedAlarm, AlarmCondition], ...]
    ended: tuple[RaisedAlarm, ...]
    since: Mapping[Subject, datetime]  # the time since which each condition has lasted, for the next check
    gone_since: Mapping[Subject, datetime]  # since when each open alarm has no condition, for the next check


def alarm_steps(
    open_alarms: Collection[RaisedAlarm],
    present_conditions: Iterable[AlarmCondition],
    now: datetime,
    repeat: timedelta,
    since: Mapping[Subject, datetime],
    gone_since: Mapping[Subject, datetime],
) -> AlarmSteps:
    """Return the steps of one check.

    Args:
        open_alarms: raised and not ended.
        present_conditions: all conditions of this moment.
        now: aware.
        repeat: the time after which an alarm is sent again that no person has acknowledged.
        since: result of the previous check.
        gone_since: result of the previous check.
    """
    conditions = {(condition.kind, condition.about): condition for condition in present_conditions}
    open_by_subject = {alarm.subject: alarm for alarm in open_alarms}
    lasting = {subject: min(since.get(subject, now), now) for subject in conditions}
    unreadable = OF_STATUS if (AlarmKind.ASTERISK, "") in conditions else frozenset()
    gone_subjects = {
        subject: min(gone_since.get(subject, now), now)
        for subject in open_by_subject
        if subject not in conditions and subject[0] not in unreadable
    }
    to_raise = tuple(
        condition
        for subject, condition in conditions.items()
        if subject not in open_by_subject and now - lasting[subject] >= timedelta(seconds=condition.lasts)
    )
    to_repeat = tuple(
        (alarm, conditions[alarm.subject])
        for alarm in open_alarms
        if alarm.subject in conditions and alarm.acknowledged_at is None and now - alarm.told_at >= repeat
    )
    ended_alarms = tuple(
        alarm
        for subject, alarm in open_by_subject.items()
        if subject in gone_subjects and now - gone_subjects[subject] >= _GONE_FOR
    )
    return AlarmSteps(to_raise, to_repeat, ended_alarms, lasting, gone_subjects)
