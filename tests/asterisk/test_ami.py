"""AMI: each wait ends, no action is sent twice, and no value becomes an action."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from ivr.asterisk.ami.manager import Ami, AmiError, Event

Answer = Callable[[Event], str | None]


class FakeManager:
    """A server of AMI, like Asterisk."""

    def __init__(self) -> None:
        self.port = 0
        self.seen: list[Event] = []
        self.answers: dict[str, Answer] = {
            "Login": lambda _: "Response: Success\r\nMessage: Authentication accepted",
            "Ping": lambda _: "Response: Success\r\nPing: Pong",
        }
        self.tasks: list[asyncio.Task[None]] = []
        self.writers: list[asyncio.StreamWriter] = []
        self.logins: asyncio.Queue[None] = asyncio.Queue()
        self.redirected = asyncio.Event()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            self.tasks.append(task)
        self.writers.append(writer)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while block := await reader.readuntil(b"\r\n\r\n"):
                action = dict(line.split(": ", 1) for line in block.decode().strip().split("\r\n"))
                self.seen.append(action)
                answer = self.answers[action["Action"]](action) if action["Action"] in self.answers else None
                if answer is not None:
                    head, *events = answer.split("\r\n\r\n")
                    for part in [head, *events]:
                        writer.write(f"{part}\r\nActionID: {action['ActionID']}\r\n\r\n".encode())
                if action["Action"] == "Login":
                    self.logins.put_nowait(None)
                if action["Action"] == "Redirect":
                    self.redirected.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def say(self, data: str | bytes) -> None:
        self.writers[-1].write(data if isinstance(data, bytes) else data.encode())


@pytest.fixture
async def asterisk() -> AsyncIterator[FakeManager]:
    fake = FakeManager()
    server = await asyncio.start_server(fake.connected, "127.0.0.1", 0)
    fake.port = server.sockets[0].getsockname()[1]
    yield fake
    server.close()
    for writer in fake.writers:
        writer.close()
    await asyncio.gather(*fake.tasks)


@pytest.fixture
async def ami(asterisk: FakeManager) -> AsyncIterator[Ami]:
    connection = Ami("127.0.0.1", asterisk.port, "ivr", "secret", seconds=1)
    await connection.connect()
    yield connection
    connection.close()


async def test_an_action_is_answered(ami: Ami, asterisk: FakeManager) -> None:
    response = await ami.action("Ping")
    assert response["Ping"] == "Pong"
    assert asterisk.seen[0] | {"ActionID": ""} == {
        "Action": "Login", "ActionID": "", "Username": "ivr", "Secret": "secret", "Events": "on",
    }  # fmt: skip


async def test_the_error_of_a_refused_action_has_the_reason(ami: Ami, asterisk: FakeManager) -> None:
    asterisk.answers["QueueAdd"] = lambda _: "Response: Error\r\nMessage: No such queue"
    with pytest.raises(AmiError, match="AMI QueueAdd: No such queue"):
        await ami.action("QueueAdd", Queue="x", Interface="PJSIP/8001")


async def test_queue_add_does_not_wait_for_a_list(ami: Ami, asterisk: FakeManager) -> None:
    asterisk.answers["QueueAdd"] = lambda _: "Response: Success\r\nMessage: Added interface to queue"
    assert (await ami.action("QueueAdd", Queue="q", Interface="PJSIP/8001"))["Response"] == "Success"


async def test_a_list_consists_of_the_events_between_start_and_end(ami: Ami, asterisk: FakeManager) -> None:
    asterisk.answers["QueueStatus"] = lambda _: (
        "Response: Success\r\nEventList: start\r\nMessage: Queue status will follow\r\n\r\n"
        "Event: QueueParams\r\nQueue: general\r\n\r\n"
        "Event: QueueMember\r\nQueue: general\r\nName: 张三\r\n\r\n"
        "Event: QueueStatusComplete\r\nEventList: Complete\r\nListItems: 2"
    )
    events = await ami.listing("QueueStatus")
    assert [(event["Event"], event.get("Name")) for event in events] == [("QueueParams", None), ("QueueMember", "张三")]


async def test_an_empty_list_has_no_events(ami: Ami, asterisk: FakeManager) -> None:
    asterisk.answers["CoreShowChannels"] = lambda _: (
        "Response: Success\r\nEventList: start\r\n\r\nEvent: CoreShowChannelsComplete\r\nEventList: Complete"
    )
    assert await ami.listing("CoreShowChannels") == []


async def test_a_command_returns_what_the_console_prints(ami: Ami, asterisk: FakeManager) -> None:
    asterisk.answers["Command"] = lambda action: (
        f"Response: Success\r\nMessage: Command output follows\r\nOutput: {action['Command']}:\r\nOutput: 张三"
    )
    assert await ami.command("queue show") == "queue show:\n张三"


@pytest.mark.parametrize("value", ["a\r\nAction: Logoff", "a\nb", "a\rb", "a\0b"])
async def test_a_line_break_in_a_value_is_refused(value: str, ami: Ami, asterisk: FakeManager) -> None:
    for act in (
        lambda: ami.action("QueuePause", Reason=value),
        lambda: ami.action("Originate", Variable=["A=1", value]),
        lambda: ami.action(value),
        lambda: ami.command(value),
    ):
        with pytest.raises(AmiError, match="refused to send a value with a line break"):
            await act()
    await ami.action("Ping")
    assert [action["Action"] for action in asterisk.seen] == ["Login", "Ping"]


async def test_an_action_without_an_answer_fails_in_time(asterisk: FakeManager) -> None:
    ami = Ami("127.0.0.1", asterisk.port, "ivr", "secret", seconds=0.1)
    await ami.connect()
    with pytest.raises(AmiError, match=r"AMI Originate: no answer within 0.1 s"):
        await ami.action("Originate", Channel="PJSIP/8001")
    assert (await ami.action("Ping"))["Ping"] == "Pong"
    ami.close()


async def test_a_login_that_is_refused_or_not_answered_is_an_error(asterisk: FakeManager) -> None:
    ami = Ami("127.0.0.1", asterisk.port, "ivr", "secret", seconds=0.1)
    asterisk.answers["Login"] = lambda _: "Response: Error\r\nMessage: Authentication failed"
    with pytest.raises(AmiError, match="the login was refused"):
        await ami.connect()
    asterisk.answers["Login"] = lambda _: None
    with pytest.raises(AmiError, match=r"no login within 0.1 s"):
        await ami.connect()
    del asterisk.answers["Login"]
    assert not ami.connected


async def test_if_no_server_listens_the_connection_fails_with_a_message() -> None:
    with pytest.raises(AmiError, match=r"AMI at 127.0.0.1:1: .*Connect call failed"):
        await Ami("127.0.0.1", 1, "ivr", "secret").connect()


async def test_an_action_without_a_connection_fails_with_a_message(asterisk: FakeManager) -> None:
    ami = Ami("127.0.0.1", asterisk.port, "ivr", "secret")
    with pytest.raises(AmiError, match="AMI Ping: not connected to Asterisk"):
        await ami.action("Ping")
    await ami.connect()
    assert ami.connected
    ami.close()
    with pytest.raises(AmiError, match="AMI Ping: not connected to Asterisk"):
        await ami.action("Ping")


async def test_after_a_lost_connection_the_client_reconnects_and_repeats_no_action(
    ami: Ami, asterisk: FakeManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ami._manager
    ami._manager.reconnect_timeout = 0
    await asterisk.logins.get()
    booted = asyncio.Event()
    ami.on("FullyBooted", lambda _: booted.set())
    pending = asyncio.create_task(ami.action("Redirect", Channel="PJSIP/8001-1", Exten="s"))
    await asterisk.redirected.wait()
    asterisk.writers[-1].close()
    with pytest.raises(AmiError, match="AMI Redirect: the connection was lost"):
        await pending
    await asterisk.logins.get()
    asterisk.say("Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n")
    await booted.wait()
    await ami.action("Ping")
    assert [action["Action"] for action in asterisk.seen] == ["Login", "Redirect", "Login", "Ping"]


async def test_a_closed_connection_is_not_opened_again(ami: Ami, asterisk: FakeManager) -> None:
    assert ami._manager
    ami._manager.reconnect_timeout = 0
    pending = asyncio.create_task(ami.action("Redirect", Channel="PJSIP/8001-1", Exten="s"))
    await asterisk.redirected.wait()
    asterisk.writers[-1].close()
    with pytest.raises(AmiError):
        await pending
    ami.close()
    other = Ami("127.0.0.1", asterisk.port, "other", "secret", seconds=1)
    await other.connect()
    await other.action("Ping")
    other.close()
    assert [action["Username"] for action in asterisk.seen if action["Action"] == "Login"] == ["ivr", "other"]


async def test_events_reach_their_handlers(ami: Ami, asterisk: FakeManager) -> None:
    heard: asyncio.Queue[Event] = asyncio.Queue()
    ami.on("Queue*", heard.put)
    asterisk.say("Event: Newchannel\r\nChannel: a\r\n\r\nEvent: QueueCallerJoin\r\nQueue: general\r\n\r\n")
    assert await heard.get() == {"Event": "QueueCallerJoin", "Queue": "general"}


async def test_a_handler_that_fails_disturbs_no_other_handler(
    ami: Ami, asterisk: FakeManager, caplog: pytest.LogCaptureFixture
) -> None:
    heard: asyncio.Queue[Event] = asyncio.Queue()

    async def later(_event: Event) -> None:
        raise RuntimeError("later")

    def at_once(_event: Event) -> None:
        raise RuntimeError("at once")

    for listener in (at_once, later, heard.put):
        ami.on("Hangup", listener)
    for _ in range(2):
        asterisk.say("Event: Hangup\r\nChannel: a\r\n\r\n")
        assert (await heard.get())["Channel"] == "a"
    assert (await ami.action("Ping"))["Ping"] == "Pong"
    assert len(asterisk.writers) == 1
    assert caplog.text.count("AMI: the handler of Hangup failed") == 4


async def test_chinese_text_is_read_wherever_tcp_splits_it(ami: Ami, asterisk: FakeManager) -> None:
    heard: asyncio.Queue[Event] = asyncio.Queue()
    ami.on("Hangup", heard.put)
    data = "Event: Hangup\r\nCallerIDName: 郴州市民\r\n\r\n".encode()
    [protocol] = [ami._manager.protocol] if ami._manager else []
    for cut in range(len(data)):
        protocol.data_received(data[:cut])
        protocol.data_received(data[cut:])
        assert (await heard.get())["CallerIDName"] == "郴州市民"
