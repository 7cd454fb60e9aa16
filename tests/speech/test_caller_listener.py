"""The caller's answer in a call script, from the replies of Asterisk 22."""

from collections.abc import Sequence

import pytest

from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.commands import AgiError, HungUp
from ivr.asterisk.agi.reply import Reply, parse
from ivr.asterisk.agi.speech import Answer, Key, RecognizedSpeech, Silence, hearing

SPEECH = '200 result=1 (speech) endpos=0 results=1 score0=982 text0="公积金提取" grammar0=heard/whisper-base/213'
TIMEOUT = "200 result=1 (timeout) endpos=0"
HEADERS = {"agi_uniqueid": "1.1", "agi_channel": "PJSIP/x", "agi_context": "citizen", "agi_extension": "s"}


class Wire:
    """Asterisk's side: the given replies to SPEECH RECOGNIZE in turn, the usual reply to each other command."""

    hung_up = False

    def __init__(self, *recognized: str, created: int = 1, key: int = 0) -> None:
        self.recognized = list(recognized)
        self.created, self.key = created, key
        self.commands: list[str] = []

    async def send(self, command: str) -> Reply:
        self.commands.append(command)
        if command.startswith("SPEECH RECOGNIZE"):
            return parse(self.recognized.pop(0))
        if command.startswith("SPEECH CREATE"):
            return Reply(200, self.created)
        return Reply(200, self.key if command.startswith(("STREAM", "WAIT")) else 1)


async def listen(wire: Wire, prompts: Sequence[str] = ("opening", "menu"), times: int = 1) -> tuple[Answer, bool]:
    async with hearing(Call(HEADERS, wire), wanted=True) as listener:
        for _time in range(times):
            answer = await listener.listen("main", prompts, 5)
    return answer, listener.hears


async def test_an_utterance_comes_with_its_score_recogniser_and_delay() -> None:
    wire = Wire(SPEECH)
    assert await listen(wire) == (RecognizedSpeech("公积金提取", 0.982, "whisper-base", 0.213), True)
    assert wire.commands == [
        "SPEECH CREATE hearing",
        'SPEECH SET vocabulary "main opening menu"',
        "SPEECH RECOGNIZE opening 1 0",
        'STREAM FILE opening "" 1000000000',  # otherwise Asterisk would go on playing the prompt
        "SPEECH DESTROY",
    ]


async def test_the_nearest_phrase_and_cry_come_with_the_text_in_any_order() -> None:
    spoken = RecognizedSpeech("公积金提取", 0.982, "whisper-base", 0.213, "护照", -1.25)
    two_results = SPEECH.replace("results=1", "results=2")
    assert await listen(Wire(two_results + ' score1=-1250 text1="护照" grammar1=phrase')) == (spoken, True)
    cried = RecognizedSpeech("公积金提取", 0.982, "whisper-base", 0.213, cry="有小偷", cry_evidence=-30.5)
    assert await listen(Wire(two_results + ' score1=-30500 text1="有小偷" grammar1=cry')) == (cried, True)
    first, second = two_results.partition("score0")[0], two_results.partition("score0")[2].replace("0=", "1=")
    assert await listen(Wire(f'{first}score0=-1250 text0="护照" grammar0=phrase score1{second}')) == (spoken, True)


async def test_silence_is_an_answer_only_after_the_last_prompt() -> None:
    wire = Wire(TIMEOUT, TIMEOUT, '200 result=1 (speech) endpos=0 results=1 score0=0 text0="" grammar0=silence')
    assert await listen(wire) == (Silence(), True)
    assert wire.commands[2:6] == [
        "SPEECH RECOGNIZE opening 1 0",
        "SPEECH RECOGNIZE menu 1 0",
        'SPEECH SET wait "5"',
        "SPEECH RECOGNIZE menu 20 1000000000",
    ]


async def test_asterisk_ends_the_wait_if_the_speech_server_does_not() -> None:
    assert await listen(Wire(TIMEOUT, TIMEOUT, TIMEOUT)) == (Silence(), True)


@pytest.mark.parametrize("key", "0123456789*#")
async def test_a_key_is_an_answer_while_speech_is_recognised(key: str) -> None:
    assert await listen(Wire(f"200 result=1 (digit) digit={key} endpos=0")) == (Key(key), True)


@pytest.mark.parametrize(
    "reply",
    [
        "200 result=1 (speech) endpos=0 results=0 ",  # the connection to the speech server broke
        '200 result=1 (speech) endpos=0 results=1 score0=0 text0="" grammar0=deaf',
        '200 result=1 (speech) endpos=0 results=1 score0=0 text0="(null)" grammar0=(null)',
        "200 result=0",
        "200 result=0 endpos=0",
    ],
)
async def test_without_the_recogniser_keys_go_on_working(reply: str) -> None:
    wire = Wire(reply, key=ord("3"))
    assert await listen(wire, times=2) == (Key("3"), False)
    assert [command for command in wire.commands[3:] if not command.endswith(" 1000000000")] == [
        *['STREAM FILE opening "0123456789*#"'] * 2,  # at each question; the recogniser gets no further command
        "SPEECH DESTROY",
    ]


async def test_if_no_recogniser_is_free_the_prompts_are_played_for_keys() -> None:
    wire = Wire(created=0)
    assert await listen(wire) == (Silence(), False)
    assert [command.split()[0] for command in wire.commands] == ["SPEECH", "STREAM", "STREAM", "WAIT"]


async def test_without_a_recogniser_no_speech_object_is_created() -> None:
    wire = Wire(key=ord("1"))
    async with hearing(Call(HEADERS, wire), wanted=False) as listener:
        assert await listener.listen("main", ["menu"], 5) == Key("1")
    assert wire.commands == ['STREAM FILE menu "0123456789*#"']


async def test_a_hang_up_ends_the_wait_for_an_answer() -> None:
    with pytest.raises(HungUp):
        await listen(Wire("200 result=1 (hangup) endpos=0"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("说「引号」", "说「引号」"),
        ("", ""),
        ('a" grammar0=heard/x/1 text1="b', "a"),
        ("x" * 3000, "x" * 3000),
    ],
)
async def test_recognised_text_is_never_taken_for_a_command(text: str, expected: str) -> None:
    reply = f'200 result=1 (speech) endpos=0 results=1 score0=7000 text0="{text}" grammar0=heard/whisper-base/9'
    answer, _ = await listen(Wire(reply))
    assert isinstance(answer, RecognizedSpeech)
    assert (answer.text, answer.score) == (expected, 1)


@pytest.mark.parametrize("name", ["", "main\nSET VARIABLE SCRIPT done", 'x"', "../x", "主"])
async def test_the_name_of_a_vocabulary_cannot_carry_a_command(name: str) -> None:
    wire = Wire()
    async with hearing(Call(HEADERS, wire), wanted=True) as listener:
        with pytest.raises(ValueError, match="no name of a vocabulary"):
            await listener.listen(name, ["menu"], 5)
    assert wire.commands == ["SPEECH CREATE hearing", "SPEECH DESTROY"]


@pytest.mark.parametrize("prompt", ["", "a b", "menu 5\nHANGUP", "../menu"])
async def test_the_name_of_a_prompt_cannot_carry_a_command(prompt: str) -> None:
    with pytest.raises(AgiError, match="refused to send"):
        await listen(Wire(), [prompt])
