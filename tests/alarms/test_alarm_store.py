"""An alarm is raised once, also across restarts; repeated until a person acknowledges it; and ended once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from ivr.alarms.alarm_news import NewsKind
from ivr.alarms.alarm_rules import AlarmCondition, AlarmKind
from ivr.alarms.alarm_schema import ALARM_MESSAGES
from ivr.alarms.alarm_steps import alarm_steps
from ivr.alarms.alarm_store import RETENTION, acknowledge, alarms_since, open_alarms, purge_alarms, take_steps
from ivr.alarms.node_sightings import FRESH, store_sightings, with_sightings
from ivr.records.store.database import Database
from ivr.registry.alarm_model import AlarmReceiver, ReceiverKind
from ivr.registry.model import Registry
from ivr.registry.place import Place
from tests.alarms.conftest import with_receivers

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FULL = AlarmCondition(AlarmKind.WAITING, "general", 12, 0)
DOWN = AlarmCondition(AlarmKind.TRUNK, "carrier", 0, 30)
SILENT = AlarmCondition(AlarmKind.ASTERISK, "", 0, 15)
REPEAT = timedelta(minutes=30)
ROBOT = AlarmReceiver("duty", ReceiverKind.WECOM, Place("numbers.yaml", 1, 1), url="http://127.0.0.1/")


class Watch:
    """The engine's watch over alarms; a new object is a restarted engine."""

    def __init__(self, database: Database, registry: Registry) -> None:
        self.database, self.registry = database, with_receivers(registry, ROBOT)
        self.since, self.gone = {}, {}

    def look(self, seconds: float, *wrong: AlarmCondition) -> list[AlarmKind]:
        """Check the hotline ``seconds`` after noon; return the kinds of the open alarms."""
        now = NOON + timedelta(seconds=seconds)
        steps = alarm_steps(open_alarms(self.database), wrong, now, REPEAT, self.since, self.gone)
        self.since, self.gone = steps.since, steps.gone_since
        take_steps(self.database, steps, self.registry, now)
        return [alarm.kind for alarm in open_alarms(self.database)]

    def sent(self) -> list[str]:
        """Return the events of the messages to receivers, in order."""
        with self.database.begin() as connection:
            ids = connection.scalars(select(ALARM_MESSAGES.c.message).order_by(ALARM_MESSAGES.c.id))
            return [message.split(":")[2] for message in ids]


def kinds(*events: NewsKind) -> list[str]:
    return [event.value for event in events]


def test_an_alarm_is_raised_once_also_across_restarts_and_ended_once(database: Database, registry: Registry) -> None:
    watch = Watch(database, registry)
    for second in range(5):
        assert watch.look(second, FULL) == [AlarmKind.WAITING]
    again = Watch(database, registry)
    assert again.look(10, FULL) == [AlarmKind.WAITING]
    assert again.sent() == kinds(NewsKind.RAISED)
    assert again.look(20) == [AlarmKind.WAITING], "a condition that is over for a moment ends no alarm"
    assert again.look(51) == []
    assert again.look(60) == []
    assert again.sent() == kinds(NewsKind.RAISED, NewsKind.ENDED)
    [alarm] = alarms_since(database, NOON)
    assert alarm.ended_at == NOON + timedelta(seconds=51)


def test_an_alarm_is_repeated_until_a_person_acknowledges_it(database: Database, registry: Registry) -> None:
    watch = Watch(database, registry)
    watch.look(0, FULL)
    watch.look(1799, FULL)
    assert watch.sent() == kinds(NewsKind.RAISED)
    watch.look(1800, AlarmCondition(AlarmKind.WAITING, "general", 20, 0))
    assert watch.sent() == kinds(NewsKind.RAISED, NewsKind.REPEATED)
    [alarm] = open_alarms(database)
    assert alarm.figure == 20
    taken = acknowledge(database, alarm.id, "李强", "增派两席", watch.registry, NOON + timedelta(hours=1))
    assert taken is not None
    assert (taken.acknowledged_by, taken.note) == ("李强", "增派两席")
    assert acknowledge(database, alarm.id, "王芳", "", watch.registry, NOON) is None, (
        "an acknowledged alarm is not repeated"
    )
    watch.look(9999, FULL)
    assert watch.sent() == kinds(NewsKind.RAISED, NewsKind.REPEATED, NewsKind.ACKNOWLEDGED)


def test_an_alarm_is_raised_once_its_condition_has_lasted(database: Database, registry: Registry) -> None:
    watch = Watch(database, registry)
    assert watch.look(0, DOWN) == []
    assert watch.look(20) == []
    assert watch.look(25, DOWN) == []
    assert watch.look(54, DOWN) == []
    assert watch.look(55, DOWN) == [AlarmKind.TRUNK]


def test_an_alarm_whose_condition_cannot_be_seen_does_not_end(database: Database, registry: Registry) -> None:
    watch = Watch(database, registry)
    watch.look(0, FULL)
    for seconds in (10, 100, 1000):
        assert AlarmKind.WAITING in watch.look(seconds, SILENT)
    assert watch.look(1005, FULL) == [AlarmKind.WAITING, AlarmKind.ASTERISK]
    assert watch.look(1040, FULL) == [AlarmKind.WAITING]


def test_two_conditions_at_once_raise_two_alarms(database: Database, registry: Registry) -> None:
    watch = Watch(database, registry)
    other = AlarmCondition(AlarmKind.WAITING, "enterprise", 11, 0)
    watch.look(0, FULL, other)
    assert subjects(database) == ["enterprise", "general"]


def test_old_alarms_are_deleted(sqlite: Database, registry: Registry) -> None:
    watch = Watch(sqlite, registry)
    watch.look(0, FULL)
    watch.look(10)
    watch.look(50)
    purge_alarms(sqlite, NOON + RETENTION + timedelta(days=1))
    assert (alarms_since(sqlite, NOON), watch.sent()) == ([], [])


def subjects(database: Database) -> Iterable[str]:
    return sorted(alarm.about for alarm in open_alarms(database))


def test_a_condition_that_two_nodes_see_is_one_alarm(database: Database, registry: Registry) -> None:
    """The node that has the turn raises the alarm, and ends it once no node sees the condition."""
    first, worse = Watch(database, registry), replace(FULL, figure=15)
    store_sightings(database, "b", [worse, DOWN], NOON)
    seen = with_sightings(database, "a", [FULL], NOON)
    assert seen == [worse, DOWN]
    first.look(0, *seen)
    assert first.look(30, *seen) == [AlarmKind.WAITING, AlarmKind.TRUNK]
    store_sightings(database, "b", [DOWN], NOON + timedelta(seconds=40))
    seen = with_sightings(database, "a", [], NOON + timedelta(seconds=40))
    assert seen == [DOWN], "node a ends no alarm whose condition node b sees"
    assert with_sightings(database, "a", [], NOON + timedelta(seconds=40) + FRESH) == []
    store_sightings(database, "b", [], NOON + timedelta(seconds=50))
    assert with_sightings(database, "a", [], NOON + timedelta(seconds=50)) == []
