"""Each command of a call script, and its effect on the caller."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.commands import AgiError, HungUp
from ivr.asterisk.agi.fastagi import FastAgiServer
from testkit.fake_asterisk.channel import Story
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk

Body = Callable[[Call], Awaitable[object]]


async def play(body: Body, *arguments: str, **behaviour: object) -> tuple[Story, object]:
    """Run a script for a call; return the story, and the script's result or exception."""
    outcome: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    async def script(call: Call) -> None:
        try:
            outcome.set_result(await body(call))
        except Exception as error:
            outcome.set_result(error)
            raise

    async with FastAgiServer({"s": script}) as server:
        fake = FakeAsterisk(server.host, server.port, "s")
        story = await fake.call(*(arguments or ("12345",)), **behaviour)  # type: ignore[arg-type]
        return story, await outcome


async def test_the_script_knows_caller_and_number_dialled() -> None:
    async def body(call: Call) -> object:
        return call.dialled, call.args, call.caller, call.caller_name, call.context, call.is_up

    _, seen = await play(body, "+8673512333", "x", caller="unknown", name="张三 (测试)")
    assert seen == ("+8673512333", ("+8673512333", "x"), "unknown", "张三 (测试)", "from-carrier", True)


async def test_prompts_are_heard_in_order_and_keys_do_not_stop_them() -> None:
    async def body(call: Call) -> None:
        await call.answer()
        await call.play("merged/12331", "digits/1", "goodbye")

    story, _ = await play(body, keys="5")
    assert story.answered
    assert story.heard == ["merged/12331", "digits/1", "goodbye"]


async def test_a_prompt_without_a_recording_is_an_error_and_not_a_hangup() -> None:
    async def body(call: Call) -> None:
        await call.play("welcome")

    story, error = await play(body, missing=frozenset({"welcome"}))
    assert str(error) == 'call 1700000000.1: STREAM FILE welcome "": the command failed'
    assert not story.hung_up


@pytest.mark.parametrize(
    ("keys", "heard", "key"),
    [
        ("2", ["welcome"], "2"),  # interrupts the first prompt
        ({"menu": "0"}, ["welcome", "menu"], "0"),  # interrupts the second prompt
        ("*", ["welcome"], "*"),
        ("7", ["welcome", "menu"], "7"),  # does not interrupt, and counts in the wait
        (" 2", ["welcome", "menu"], ""),  # silence
        ("", ["welcome", "menu"], ""),
    ],
)
async def test_a_key_interrupts_the_question_and_answers_it(keys: object, heard: list[str], key: str) -> None:
    async def body(call: Call) -> object:
        return await call.ask(["welcome", "menu"], "0123*#", 1.5)

    story, pressed = await play(body, keys=keys)
    assert (story.heard, pressed) == (heard, key)
    if len(heard) == 2 and key != "0":
        assert story.commands[-1] == "WAIT FOR DIGIT 1500"


@pytest.mark.parametrize(
    "value",
    ["", "CONTINUE", "张三 (测试)", ")", "(", "a) endpos=5", "hangup", "result=-1", "-1", 'a"b\\c', " two  words ",
     "HANGUP", "first\nsecond\r\nthird", "open (\nHANGUP\n)"],
)  # fmt: skip
async def test_a_variable_is_read_unchanged(value: str) -> None:
    async def body(call: Call) -> object:
        return await call.get("CALLERID(name)"), await call.get("UNSET"), call.is_up

    _, returned = await play(body, variables={"CALLERID(name)": value})
    assert returned == (value, "", True)


async def test_a_forged_agi_reply_in_a_variable_is_noticed() -> None:
    async def body(call: Call) -> object:
        await call.get("CALLERID(name)")
        return await call.get("QUEUESTATUS")

    _, error = await play(body, variables={"CALLERID(name)": "x)\n200 result=1 (CONTINUE"})
    assert isinstance(error, AgiError)
    assert "unexpected AGI reply: '200 result=1 (CONTINUE)\\n'" in str(error)


@pytest.mark.parametrize("value", ["", "12333 人社", 'say "hello"', "back\\slash\\", "${EXTEN}", " lead", "a,b&c;d"])
async def test_a_variable_is_set_unchanged(value: str) -> None:
    async def body(call: Call) -> object:
        await call.set("__LINE", value)
        return await call.get("LINE")

    story, returned = await play(body)
    assert returned == value
    assert story.variables["LINE"] == value


async def test_an_application_gets_its_arguments_and_leaves_its_outcome() -> None:
    async def body(call: Call) -> object:
        await call.run("Queue", "group-general", "tCcb(offer^s^1)", "", "", "20")
        queue = await call.get("QUEUESTATUS")
        await call.run("Dial", "PJSIP/12333@carrier", "25", "gb(offer^s^1(a,b))")
        return queue, await call.get("DIALSTATUS")

    story, ends = await play(body, queues={"group-general": "timeout"}, dials={"12333": "busy"})
    assert ends == ("TIMEOUT", "BUSY")
    assert story.runs[0].arguments == ("group-general", "tCcb(offer^s^1)", "", "", "20")
    assert story.runs[1].arguments == ("PJSIP/12333@carrier", "25", "gb(offer^s^1(a,b))")
    assert story.queues == [("group-general", "timeout")]
    assert story.dials == [("PJSIP/12333@carrier", "busy")]


async def test_a_caller_who_leaves_the_queue_ends_the_script() -> None:
    async def body(call: Call) -> None:
        await call.run("Queue", "group-general", "tc")

    story, error = await play(body, queues={"group-general": "hangup"})
    assert isinstance(error, HungUp)
    assert story.queues == [("group-general", "hangup")]


@pytest.mark.parametrize(("arguments", "goes_on"), [(("Queue", "q", "tc"), True), (("Queue", "q", "tb(c)"), False),
    (("Dial", "PJSIP/8001", "9", "g"), True), (("Dial", "PJSIP/8001", "9", "t"), False)])  # fmt: skip
async def test_after_a_served_call_the_script_goes_on_only_with_the_option_for_it(
    arguments: tuple[str, ...], goes_on: bool
) -> None:
    async def body(call: Call) -> None:
        await call.run(*arguments)

    story, error = await play(body)
    assert (error is None) is goes_on
    assert goes_on or isinstance(error, AgiError)
    assert not story.hung_up


@pytest.mark.parametrize(
    ("application", "reason"), [("Quue", "Asterisk has no such application"), ("Queue", "the command failed")]
)
async def test_an_application_that_fails_is_no_hangup(application: str, reason: str) -> None:
    async def body(call: Call) -> None:
        await call.run(application)

    _, error = await play(body)
    assert str(error) == f"call 1700000000.1: EXEC {application}: {reason}"


async def test_a_message_is_recorded_and_its_length_known() -> None:
    async def body(call: Call) -> object:
        return await call.record("messages/W1", 120), call.is_up

    story, returned = await play(body, message=7.5)
    assert returned == (7.5, True)
    assert story.commands == ['RECORD FILE messages/W1 wav "#" 120000 BEEP s=10']
    assert story.recordings == ["messages/W1.wav"]


async def test_a_caller_who_hangs_up_after_speaking_has_left_a_message() -> None:
    async def body(call: Call) -> object:
        seconds = await call.record("messages/W1", 120)
        await call.note("IVR_MESSAGE", "work_order=W1")
        return seconds, call.is_up

    story, returned = await play(body, message=7.5, hang_up_at="RECORD FILE")
    assert returned == (7.5, False)
    assert story.call_events == [("IVR_MESSAGE", "work_order=W1")]


async def test_a_message_that_cannot_be_written_is_an_error() -> None:
    async def body(call: Call) -> object:
        return await call.record("messages/W1", 120)

    _, error = await play(body, missing=frozenset({"messages/W1"}))
    assert isinstance(error, AgiError)
    assert str(error).endswith(": writefile")


async def test_a_call_event_reaches_cel() -> None:
    async def body(call: Call) -> None:
        await call.note("IVR_KEY", "menu=main&key=2&topic=%E7%A4%BE%E4%BF%9D+a-b_c.~")

    story, _ = await play(body)
    assert story.call_events == [("IVR_KEY", "menu=main&key=2&topic=%E7%A4%BE%E4%BF%9D+a-b_c.~")]


async def whole_visit(call: Call) -> object:
    await call.answer()
    await call.play("welcome")
    await call.ask(["menu"], "0123456789*#", 5)
    await call.set("CALLERID(name)", "12345")
    await call.run("Queue", "group-general", "tc")
    await call.get("QUEUESTATUS")
    await call.play("goodbye")
    return "to the end"


@pytest.mark.parametrize("hangup_line_first", [False, True])
async def test_a_caller_may_hang_up_at_any_step(hangup_line_first: bool) -> None:
    story, end = await play(whole_visit)
    assert end == "to the end"
    for step in range(1, len(story.commands) + 1):
        cut, end = await play(whole_visit, hang_up_after=step, hangup_line_first=hangup_line_first)
        assert isinstance(end, HungUp), (step, end)
        assert cut.commands[:step] == story.commands[:step]
        assert not cut.unknown


async def test_after_a_hang_up_no_prompt_is_played_and_call_events_are_still_written() -> None:
    async def body(call: Call) -> object:
        with pytest.raises(HungUp):
            await call.play("welcome")
        with pytest.raises(HungUp):
            await call.run("Queue", "group-general")
        with pytest.raises(HungUp):
            await call.answer()
        await call.note("IVR_FALLBACK", "reason=technical")
        return await call.get("CALLERID(num)"), call.is_up

    story, returned = await play(body, hang_up_after=1)
    assert returned == ("13800000000", False)
    assert story.call_events == [("IVR_FALLBACK", "reason=technical")]
    assert not story.runs[1:]


async def test_after_a_usage_error_later_replies_belong_to_their_commands() -> None:
    async def body(call: Call) -> object:
        errors = []
        for command in ("SET VARIABLE A", "NO SUCH COMMAND"):
            with pytest.raises(AgiError) as error:
                await call._agi.send(command)
            errors.append(str(error.value).partition(": ")[2].partition("\n")[0])
        return errors, await call.get("CALLERID(num)")

    _, returned = await play(body)
    assert returned == (
        [
            "SET VARIABLE A: Invalid command syntax.  Proper usage follows:",
            "NO SUCH COMMAND: Invalid or unknown command",
        ],
        "13800000000",
    )


async def test_a_command_without_a_reply_fails_and_its_late_reply_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.asterisk.agi.call._PROMPT_LIMIT", 0.05)

    async def body(call: Call) -> object:
        with pytest.raises(AgiError, match=r'call 1700000000.1: STREAM FILE welcome "": no answer within 0.05 s'):
            await call.play("welcome")
        assert not call.is_up
        return await call.get("CALLERID(num)")

    _, error = await play(body, silent_at="welcome")
    assert str(error).endswith("the connection to Asterisk is no longer usable")


async def test_a_line_that_is_no_agi_reply_ends_the_script_and_not_the_server() -> None:
    async def body(call: Call) -> object:
        return await call.get("CALLERID(num)")

    _, error = await play(body, "12345\n\nagi_priority: 1\nagi_x: 2")
    assert isinstance(error, AgiError)
    assert "not an AGI reply" in str(error) or "unexpected AGI reply" in str(error)


async def test_several_values_are_read_in_one_command_and_the_last_may_be_any_text() -> None:
    async def body(call: Call) -> object:
        return await call.get_all("EPOCH", "UNSET", "PJSIP_HEADER(read,X-A)")

    story, values = await play(body, variables={"EPOCH": "7", "PJSIP_HEADER(read,X-A)": "a|b ${c} (d)"})
    assert values == ["7", "", "a|b ${c} (d)"]
    assert len(story.commands) == 1


async def test_many_values_are_read_in_several_commands() -> None:
    names = [f"QUEUE_MEMBER(group-{'x' * 40}-{number},logged)" for number in range(60)]

    async def body(call: Call) -> object:
        return await call.get_all(*names)

    story, values = await play(body, variables={name: str(number) for number, name in enumerate(names)})
    assert values == [str(number) for number in range(60)]
    assert 1 < len(story.commands) < 10
    assert all(len(command) < 2000 for command in story.commands)


async def test_several_variables_are_set_in_one_command_if_their_values_allow_it() -> None:
    values = {"__LINE": "12313", "NONE": "", "CALLERID(name)": "12313 烟草", "PROGRESS": "a=&b=c", "ODD": 'a,"b"(c'}

    async def body(call: Call) -> None:
        await call.set_all(values)

    story, _ = await play(body)
    assert {name: story.variables[name.lstrip("_")] for name in values} == values
    assert story.commands == [
        'SET VARIABLE ODD "a,\\"b\\"(c"',
        'EXEC MSet "__LINE=12313,NONE=,CALLERID(name)=12313 烟草,PROGRESS=a=&b=c"',
    ]


@pytest.mark.parametrize("name", ["a b", "A=B", "A\nB"])
async def test_only_declared_variables_are_read_or_set(name: str) -> None:
    async def asks(call: Call) -> None:
        await call.get_all("EPOCH", name)

    async def sets(call: Call) -> None:
        await call.set_all({"A": "1", name: "2"})

    for body in (asks, sets):
        story, error = await play(body)
        assert isinstance(error, AgiError)
        assert not story.commands


@pytest.mark.parametrize(("forward", "goes_on"), [(3600.0, True), (0.5, False), (-3600.0, False)])
async def test_a_message_that_ends_because_the_clock_is_set_forward_goes_on(
    monkeypatch: pytest.MonkeyPatch, forward: float, goes_on: bool
) -> None:
    looks = iter([0.0, forward])
    monkeypatch.setattr("ivr.asterisk.agi.call.system_clock_lead", lambda: next(looks))

    async def body(call: Call) -> object:
        return await call.record("messages/a", 30, ends="")

    story, _seconds = await play(body, message=4.0)
    first, *more = story.commands
    assert first == 'RECORD FILE messages/a wav "" 30000 BEEP s=10'
    assert more == (['RECORD FILE messages/a wav "" 26000 32000 s=10'] if goes_on else [])
