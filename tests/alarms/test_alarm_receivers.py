"""Alarms reach people: each receiver is a real server; a slow or dead receiver loses no alarm and delays no other."""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.alarms.alarm_messages import receiver_states
from ivr.alarms.alarm_rules import AlarmCondition, AlarmKind
from ivr.alarms.alarm_steps import AlarmSteps
from ivr.alarms.alarm_store import take_steps
from ivr.engine.alarm_sender import AlarmSender
from ivr.records.store.database import Database
from ivr.registry.alarm_model import AlarmReceiver, MailSecurity, ReceiverKind
from ivr.registry.model import Registry
from ivr.registry.place import Place
from ivr.runtime.certificate import hotline_certificate
from ivr.runtime.layout import Home
from ivr.site.registry_holder import RegistryHolder
from testkit.alarm_receivers import PASSWORD, USER, Robot, mail_server, robot_server
from testkit.patience import PATIENCE
from tests.alarms.conftest import with_receivers

HERE = Place("numbers.yaml", 1, 1)
TEXT = "[郴州市12345] Alarm 1: 话务座席: 12 callers wait"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    home = Home(folder / "var")
    home.create()
    return hotline_certificate(home, folder, "127.0.0.1")


def mail(port: int, security: MailSecurity, user: str = USER) -> AlarmReceiver:
    return AlarmReceiver(
        "office", ReceiverKind.MAIL, HERE, to=("duty@example.cn",), sender="hotline@example.cn", host="127.0.0.1",
        port=port, security=security, user=user,
    )  # fmt: skip


def robot(kind: ReceiverKind, url: str, name: str = "group", **more: dict[str, str]) -> AlarmReceiver:
    return AlarmReceiver(name, kind, HERE, url=url, **more)  # type: ignore[arg-type]


@pytest.fixture
def trusted(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


@asynccontextmanager
async def sending(
    database: Database, registry: Registry, keys: dict[str, str], trusted: ssl.SSLContext | None = None
) -> AsyncIterator[AlarmSender]:
    migrated = asyncio.Event()
    migrated.set()
    holder = RegistryHolder(registry, None)  # type: ignore[arg-type] - work orders have no part in it
    async with AlarmSender(database, migrated, holder, lambda: keys, trusted) as sender:
        yield sender


def raise_alarm(database: Database, registry: Registry, figure: int = 12) -> None:
    condition = AlarmCondition(AlarmKind.WAITING, f"general{'' if figure == 12 else figure}", figure, 0)
    take_steps(database, AlarmSteps((condition,), (), (), {}, {}), registry, datetime.now(UTC))


async def until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("security", [MailSecurity.TLS, MailSecurity.STARTTLS])
async def test_a_mail_comes_encrypted_and_signed_in(
    sqlite: Database,
    registry: Registry,
    certificate: tuple[Path, Path],
    trusted: ssl.SSLContext,
    security: MailSecurity,
) -> None:
    with mail_server(certificate, starttls=security is MailSecurity.STARTTLS) as mailbox:
        alarmed = with_receivers(registry, mail(mailbox.port, security))
        raise_alarm(sqlite, alarmed)
        async with sending(sqlite, alarmed, {"office": PASSWORD}, trusted):
            await until(lambda: mailbox.mails)
    [sent_mail] = mailbox.mails
    assert (sent_mail["Subject"], sent_mail["To"], sent_mail["From"]) == (TEXT, "duty@example.cn", "hotline@example.cn")
    assert sent_mail["Auto-Submitted"] == "auto-generated"
    assert sent_mail.get_content().splitlines()[0] == TEXT


async def test_a_mail_server_without_a_trusted_certificate_gets_no_password(
    sqlite: Database, registry: Registry, certificate: tuple[Path, Path]
) -> None:
    with mail_server(certificate, starttls=False) as mailbox:
        alarmed = with_receivers(registry, mail(mailbox.port, MailSecurity.TLS))
        async with sending(sqlite, alarmed, {"office": PASSWORD}) as sender:
            [result] = await sender.trial("root")
    assert "CERTIFICATE_VERIFY_FAILED" in result["problem"]
    assert not mailbox.mails


async def test_a_wrong_password_is_named_and_the_next_right_one_delivers(
    sqlite: Database, registry: Registry, certificate: tuple[Path, Path], trusted: ssl.SSLContext
) -> None:
    keys = {"office": "wrong"}
    with mail_server(certificate, starttls=False) as mailbox:
        alarmed = with_receivers(registry, mail(mailbox.port, MailSecurity.TLS))
        raise_alarm(sqlite, alarmed)
        async with sending(sqlite, alarmed, keys, trusted) as sender:
            await until(lambda: receiver_states(sqlite, ["office"], datetime.now(UTC))["office"][1])
            [result] = await sender.trial("root")
            assert "ivr secret set alarm office" in result["problem"]
            keys["office"] = PASSWORD
            await until(lambda: mailbox.mails)


@pytest.fixture
def robots() -> Iterator[tuple[Robot, Robot, Robot]]:
    wecom, dingtalk, gateway = Robot("key-1"), Robot("token-2", "SEC3"), Robot("")
    with (
        robot_server(wecom, "/cgi-bin/webhook/send"),
        robot_server(dingtalk, "/robot/send"),
        robot_server(gateway, "/sms"),
    ):
        yield wecom, dingtalk, gateway


async def test_robots_and_gateways_get_messages_in_their_own_form(
    sqlite: Database, registry: Registry, robots: tuple[Robot, Robot, Robot]
) -> None:
    wecom, dingtalk, gateway = robots
    alarmed = with_receivers(
        registry, robot(ReceiverKind.WECOM, wecom.url, "wecom"), robot(ReceiverKind.DINGTALK, dingtalk.url, "dingtalk"),
        robot(ReceiverKind.JSON, gateway.url, "sms", body={"mobile": "13800000000", "content": "{city}: {text}"}),
        robot(ReceiverKind.JSON, gateway.url, "own"),
    )  # fmt: skip
    raise_alarm(sqlite, alarmed)
    keys = {"wecom": "key-1", "dingtalk": "token-2", "dingtalk/signing": "SEC3", "sms": "token-4"}
    async with sending(sqlite, alarmed, keys):
        await until(lambda: wecom.taken and dingtalk.taken and len(gateway.taken) == 2)
    for receiver in (wecom, dingtalk):
        [body] = receiver.taken
        assert body["msgtype"] == "text"
        assert body["text"]["content"].startswith(TEXT)
    sms, own = sorted(gateway.taken, key=len)
    assert (sms["mobile"], sms["content"].startswith(f"郴州市: {TEXT}")) == ("13800000000", True)
    assert (own["event"], own["kind"], own["about"]) == ("raised", "waiting", "general")
    assert {headers.get("Authorization") for headers in gateway.headers} == {"Bearer token-4", None}


async def test_a_robot_that_refuses_the_key_is_named_without_the_key(
    sqlite: Database, registry: Registry, robots: tuple[Robot, Robot, Robot], caplog: pytest.LogCaptureFixture
) -> None:
    wecom, dingtalk, _gateway = robots
    alarmed = with_receivers(
        registry, robot(ReceiverKind.WECOM, wecom.url, "wecom"), robot(ReceiverKind.DINGTALK, dingtalk.url, "dingtalk"),
        robot(ReceiverKind.WECOM, "http://127.0.0.1:1/", "dead"),
    )  # fmt: skip
    async with sending(sqlite, alarmed, {"wecom": "SECRET", "dingtalk": "token-2", "dead": "SECRET"}) as sender:
        results = {result["receiver"]: result["problem"] for result in await sender.trial("root")}
    assert results["wecom"] == "errcode 93000: invalid webhook url"
    assert results["dingtalk"] == "errcode 310000: sign not match"
    assert results["dead"]
    assert "SECRET" not in json.dumps(results) + caplog.text


async def test_a_slow_or_dead_receiver_loses_no_alarm_and_delays_no_other(
    sqlite: Database, registry: Registry, robots: tuple[Robot, Robot, Robot]
) -> None:
    slow, broken, quick = robots
    slow.delay, broken.broken = 3.0, 503
    alarmed = with_receivers(
        registry, robot(ReceiverKind.WECOM, slow.url, "slow"), robot(ReceiverKind.JSON, broken.url, "broken"),
        robot(ReceiverKind.JSON, quick.url, "quick"), robot(ReceiverKind.JSON, "http://127.0.0.1:1/", "dead"),
    )  # fmt: skip
    broken_url = replace(alarmed.alarms.receivers["broken"], url=broken.url.replace("/robot/send", "/any"))
    alarmed = with_receivers(alarmed, *({**alarmed.alarms.receivers, "broken": broken_url}).values())
    for figure in (12, 13, 14):
        raise_alarm(sqlite, alarmed, figure)
    async with sending(sqlite, alarmed, {"slow": "key-1"}):
        await until(lambda: len(quick.taken) == 3, 5)
        assert not slow.taken, "the quick receiver did not wait for the slow receiver"
        slow.delay, broken.broken = 0.0, 0
    async with sending(sqlite, alarmed, {"slow": "key-1"}):  # a restarted engine
        await until(lambda: len(slow.taken) == len(broken.taken) == 3)
    assert [body["about"] for body in broken.taken] == ["general", "general13", "general14"]
    assert len(quick.taken) == 3, "a message came twice"
    assert receiver_states(sqlite, ["dead", "quick"], datetime.now(UTC))["dead"][0] == 3
