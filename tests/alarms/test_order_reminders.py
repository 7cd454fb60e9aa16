"""A unit gets each deadline message about its work orders once, by mail or HTTP, without confidential content."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ivr.alarms.alarm_delivery import alarm_mail
from ivr.alarms.alarm_messages import waiting_messages
from ivr.alarms.alarm_news import AlarmNews
from ivr.engine.order_desk import OrderDesk
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.directory_reader import load_directory
from ivr.orders.life_cycle import OrderAct
from ivr.records.store.database import Database
from ivr.registry.alarm_model import AlarmReceiver, Alarms, ReceiverKind
from ivr.registry.model import Registry
from ivr.registry.place import Place
from ivr.registry.problems import RegistryError
from ivr.site.registry_holder import RegistryHolder
from tests.orders.conftest import directory, registry, sqlite
from tests.orders.order_story import AGENT, BEGIN, LABOUR, SUPERVISOR, OrderStory

__all__ = ["directory", "registry", "sqlite"]

ORDERS = (Path(__file__).parents[2] / "orders.yaml").read_text(encoding="utf-8")
OFFICE = AlarmReceiver(
    "office", ReceiverKind.MAIL, Place("numbers.yaml", 1, 1), to=("duty@example.cn",), sender="hotline@example.cn"
)
GROUP = AlarmReceiver("group", ReceiverKind.DINGTALK, Place("numbers.yaml", 1, 1))
NOTIFY = f"notify:\n  - {{ unit: {LABOUR}, receiver: office, to: [gongdan@example.cn] }}\n"


@pytest.fixture
def with_office(registry: Registry) -> Registry:
    return replace(registry, alarms=Alarms(receivers={"office": OFFICE, "group": GROUP}))


@pytest.fixture
def story(sqlite: Database, with_office: Registry) -> Iterator[OrderStory]:
    """Return a work order at a unit that gets mails."""
    yield OrderStory(sqlite, load_directory(ORDERS + NOTIFY, "orders.yaml", with_office)).dispatch()


def waiting_mails(story: OrderStory, registry: Registry, at: datetime) -> list[AlarmNews]:
    """Return the mails that wait for the mail server after the deadline clock ran."""
    holder = RegistryHolder(registry, story.directory)
    OrderDesk(story.database, None, holder, lambda: at).keep_clocks()  # type: ignore[arg-type]
    return [message.news for message in waiting_messages(story.database, "office", at)]


def test_a_unit_gets_a_mail_of_each_stage_once(story: OrderStory, with_office: Registry) -> None:
    assert waiting_mails(story, with_office, BEGIN) == []
    late = BEGIN + timedelta(days=2)
    for _look in range(2):
        [news] = waiting_mails(story, with_office, late)
    assert story.order.order in news.text
    assert "工资没发" in news.text
    mail = alarm_mail(news, OFFICE)
    assert (mail["To"], mail["From"]) == ("gongdan@example.cn", "hotline@example.cn")


def test_the_mail_about_a_confidential_order_has_no_title(story: OrderStory, with_office: Registry) -> None:
    story.act(OrderAct.AMEND, SUPERVISOR, confidential=True)
    [news] = waiting_mails(story, with_office, BEGIN + timedelta(days=2))
    assert story.order.order in news.text
    assert "工资没发" not in news.text


def test_a_persons_reminder_reaches_the_unit_and_a_supervision_the_supervision_receiver_too(
    sqlite: Database, with_office: Registry
) -> None:
    supervision = "supervision: { receiver: office, to: [duban@example.cn] }\n"
    directory = load_directory(ORDERS + NOTIFY + supervision, "orders.yaml", with_office)
    story = OrderStory(sqlite, directory).dispatch()
    story.act(OrderAct.REMIND, AGENT, text="市民又来电")
    story.act(OrderAct.SUPERVISE, SUPERVISOR, reason="推诿扯皮")
    for _look in range(2):
        news = waiting_mails(story, with_office, story.now + timedelta(minutes=1))
    assert [(news_item.to, news_item.kind) for news_item in news] == [
        (("gongdan@example.cn",), "remind"),
        (("gongdan@example.cn",), "supervise"),
        (("duban@example.cn",), "supervise"),
    ]
    assert "推诿扯皮" not in str(news), "the mail has no reason, which only the page shows"
    late = waiting_mails(story, with_office, BEGIN + timedelta(days=90))
    assert [news_item.kind for news_item in late if news_item.to == ("duban@example.cn",)][-1].startswith("escalated-")


@pytest.mark.parametrize(
    ("notify", "said"),
    [
        ("{ unit: 市人社局, receiver: ofice }", "did you mean 'office'?"),
        ("{ unit: 市人社局, receiver: group, to: [a@example.cn] }", "only a receiver of the kind mail"),
        ("{ unit: 市没有局, receiver: office }", "is not in this file"),
        ("{ unit: 市人社局, receiver: office, to: [nobody] }", "is not a mail address"),
    ],
)
def test_a_mistake_in_notify_is_named(with_office: Registry, notify: str, said: str) -> None:
    with pytest.raises(RegistryError, match=said.replace("?", r"\?")):
        load_directory(f"{ORDERS}notify:\n  - {notify}\n", "orders.yaml", with_office)


def test_a_unit_without_notify_gets_no_message(
    sqlite: Database, with_office: Registry, directory: OrderDirectory
) -> None:
    story = OrderStory(sqlite, directory).dispatch()
    assert waiting_mails(story, with_office, BEGIN + timedelta(days=2)) == []
