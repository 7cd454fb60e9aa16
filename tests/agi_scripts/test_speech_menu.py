"""A caller of 12345 speaks at the menu: decisions, questions, and the target of the call."""

import asyncio
from typing import Any, Final

import pytest

from agi_scripts.services import YES_NO
from ivr.call_events.values import SpeechDecision
from ivr.call_events.vocabulary import MessageLeft, SpeechHeard
from ivr.engine import speech_service
from ivr.registry.model import Registry
from testkit.fake_asterisk.channel import ApplicationRun, Story
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.agi_scripts.call_in_words import MESSAGE, call_events, in_words

MENU = ["opening", "menu-main", "menu-speech-invitation"]
WAIT = [*MENU, "hears"]
AGENT = ["transferring", "offered to general general", "waits for general", "done"]
AGENT_WITH_NOTICE = [  # for a caller who interrupted the opening, which has the notice of the recording
    "transferring",
    "recorded",
    *AGENT[1:],
]
DIGITS = "一二三六六"  # 12366 read out: a number is always asked about
MAYBE = "是不是着火了"  # more words than a cry for help, so the caller is asked
AHEAD_OF_ALL = ["offered to general general", "waits for general", "done"]


@pytest.fixture
def services(services: FakeServices) -> FakeServices:
    services.can_hear = lambda: True
    return services


def queue(story: Story) -> ApplicationRun:
    (only,) = [run for run in story.runs if run.application == "Queue"]
    return only


def name_at_phone(story: Story) -> str:
    """Return the caller's name on ringing phones."""
    return queue(story).variables["CALLERID(name)"]


def heard_events(story: Story) -> list[SpeechHeard]:
    return [note for note in call_events(story) if isinstance(note, SpeechHeard)]


@pytest.mark.parametrize("key", "1230")
@pytest.mark.parametrize("prompt", ["menu-main", "menu-speech-invitation"])
async def test_keys_work_beside_speech_recognition(asterisk: FakeAsterisk, prompt: str, key: str) -> None:
    story = await asterisk.call("12345", keys={prompt: key})
    prompts = MENU[: MENU.index(prompt) + 1]
    assert in_words(story)[: len(prompts)] == prompts
    assert in_words(story)[len(prompts)].startswith(f"chose {key} ")
    assert in_words(story)[-1] == "done"


async def test_a_silent_caller_gets_an_agent(asterisk: FakeAsterisk) -> None:
    assert in_words(await asterisk.call("12345")) == [*WAIT, "chose silence", *AGENT[1:]]


async def test_after_an_unknown_key_the_caller_gets_an_agent(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", keys={"opening": "6"})
    assert in_words(story) == ["opening", "chose 6", "menu-unknown", *AGENT_WITH_NOTICE[1:]]


async def test_the_caller_may_speak_while_the_prompt_plays(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", says={"opening": "反映问题"})
    assert in_words(story) == ["opening", "sure main:1 反映问题", *AGENT_WITH_NOTICE]
    assert name_at_phone(story) == "12345 12345政务服务便民热线 反映问题"


@pytest.mark.parametrize(
    ("utterance", "goes_on"),
    [
        ("企业服务", ["sure main:2 企业服务", "transferring", "offered to enterprise enterprise"]),
        ("公积金提取", ["sure 12329 12329 全国统一住房公积金热线服务电话", "center-connecting",
                   "offered to center 12329",
                   "dials PJSIP/12329@carrier 25 s"]),
        ("社保卡丢了", ["sure 12333 12333 全国人力资源和社会保障服务电话", "transferring",
                   "offered to expert expert-12333", "rings expert-12333 20 s"]),
        ("过期食品", ["sure 12331 12331 全国统一食品药品监督举报服务电话", "transferring",
                  "offered to expert expert-12315"]),
        ("申请低保", ["sure 12349 12349 全国统一民政服务电话", "transferring", "offered to general general"]),
    ],
)  # fmt: skip
async def test_a_sure_target_gets_the_call(asterisk: FakeAsterisk, utterance: str, goes_on: list[str]) -> None:
    story = await asterisk.call("12345", says=[utterance])
    assert in_words(story)[: 4 + len(goes_on)] == [*WAIT, *goes_on]
    assert in_words(story)[-1] == "done"
    (note,) = heard_events(story)
    assert (note.menu, note.text, note.recognizer, note.milliseconds) == ("main", utterance, "fake", 12)
    assert note.score == pytest.approx(0.99)  # confidence of the decision


async def test_a_message_left_at_a_line_goes_to_the_unit_of_that_line(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call(
        "12345", says=["社保卡丢了"], seats={"group-expert-12333": (0, 0), "group-general": (0, 0)}
    )
    (message,) = [note for note in call_events(story) if isinstance(note, MessageLeft)]
    assert (message.number, message.unit) == ("12333", "市人社局")


async def test_a_caller_who_names_a_utility_gets_an_agent_and_the_utility_is_not_dialled(
    asterisk: FakeAsterisk,
) -> None:
    story = await asterisk.call("12345", says=["家里停电"])
    assert in_words(story) == [*WAIT, "sure 95598 95598 供电", *AGENT]
    assert name_at_phone(story).endswith(" 95598 供电 “家里停电”")
    assert not story.dials


async def test_the_menu_is_said_again_on_request(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", says=["再说一遍", "反映问题"])
    assert in_words(story)[:5] == [*WAIT, "sure main:*"]
    assert in_words(story)[5:9] == [*WAIT[1:], "sure main:1 反映问题"]


async def test_the_menu_is_said_three_times_at_most(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", says=["再说一遍"] * 9)
    assert story.heard.count("menu-main") == 3
    assert in_words(story)[-3:] == AGENT[1:]


@pytest.mark.parametrize("answer", [{"says": [DIGITS, "是的"]}, {"says": [DIGITS], "keys": {"confirm-1": "1"}}])
async def test_a_nearly_sure_target_is_confirmed_by_a_yes(asterisk: FakeAsterisk, answer: dict[str, Any]) -> None:
    story = await asterisk.call("12345", **answer)
    assert in_words(story)[4:6] == ["confirm 12366", "confirm-1"]
    assert "confirmed 12366 12366 全国税务系统统一电话" in in_words(story)
    assert in_words(story)[-2:] == ["dials PJSIP/12366@carrier 25 s", "done"]


@pytest.mark.parametrize(
    "answer",
    [
        {"says": [DIGITS, "不是"]},
        {"says": [DIGITS], "keys": {"confirm-2": "2"}},
        {"says": [DIGITS], "keys": {"confirm-2": "0"}},
        {"says": [DIGITS]},
        {"says": [DIGITS, "今天天气真好"]},
    ],
)
async def test_without_a_yes_an_agent_sees_the_callers_words(asterisk: FakeAsterisk, answer: dict[str, Any]) -> None:
    story = await asterisk.call("12345", **answer)
    assert in_words(story)[-5:] == ["denied 12366", *AGENT]
    assert name_at_phone(story).endswith(f" “{DIGITS}”?")
    assert not story.dials


async def test_a_no_with_another_matter_goes_to_that_matter(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", says=[DIGITS, "不是，公积金提取"])
    assert in_words(story)[-3:] == ["offered to center 12329", "dials PJSIP/12329@carrier 25 s", "done"]


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ({"says": ["预付卡"], "keys": {"which-3": "1"}}, "12315"),
        ({"says": ["预付卡"], "keys": {"which-1": "2"}}, "12312"),
        ({"says": ["预付卡", "商务投诉"]}, "12312"),
    ],
)
async def test_if_two_targets_are_likely_the_caller_is_asked_which(
    asterisk: FakeAsterisk, answer: dict[str, Any], number: str
) -> None:
    story = await asterisk.call("12345", **answer)
    assert in_words(story)[:6] == [*WAIT, "which 12315", "which-1"]
    assert any(step.startswith(f"chosen {number} ") for step in in_words(story))
    assert in_words(story)[-1] == "done"


async def test_a_caller_who_names_neither_target_gets_an_agent(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", says=["预付卡"])
    assert in_words(story)[-5:] == ["hears", *AGENT]
    assert name_at_phone(story).endswith(" 12315?“预付卡”")


async def test_words_that_are_not_understood_lead_to_an_agent_who_sees_them(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", says=["今天天气真好"])
    assert in_words(story) == [*WAIT, "unknown", *AGENT]
    assert name_at_phone(story) == "12345 12345政务服务便民热线 “今天天气真好”?"


@pytest.mark.parametrize("utterance", ["我的电话是13812345678", "我的电话是一三八一二三四五六七八"])
async def test_a_number_in_a_callers_words_is_masked_in_the_record_and_at_the_phone(
    asterisk: FakeAsterisk, utterance: str
) -> None:
    story = await asterisk.call("12345", says=[utterance])
    assert [note.text for note in heard_events(story)] == ["我的电话是***"]
    assert name_at_phone(story).endswith(" “我的电话是***”?")


@pytest.mark.parametrize("utterance", ['a\\b,c) ${SHELL(x)} "', "\x00\u2028", "火" * 3000, "😀" * 50, "\ufffd"])
async def test_a_recognisers_text_reaches_only_the_call_event_and_the_display(
    asterisk: FakeAsterisk, utterance: str
) -> None:
    story = await asterisk.call("12345", says=[utterance])
    assert in_words(story)[-1] == "done"
    assert "SHELL" not in "".join(run.application for run in story.runs)
    assert len(name_at_phone(story)) <= 40
    assert not story.unknown
    assert all(len(note.text) <= 80 for note in heard_events(story))


class TestAnEmergency:
    ASKED: Final = [*WAIT, "emergency-asked 119", "emergency/119"]
    JOINED: Final = ["emergency 119 with general", "joins 119-agent", "done"]
    ALONE: Final = ["fell back: no-agent", "emergency-alone", "phone 119", *MESSAGE, "done"]

    async def test_if_certain_is_joined_with_service_and_agent_at_once(self, asterisk: FakeAsterisk) -> None:
        story = await asterisk.call("12345", says=["着火了"])
        assert in_words(story) == [*WAIT, "emergency-sure 119 119 火警", *self.JOINED]
        (room,) = [run for run in story.runs if run.application == "Dial"]
        assert room.arguments == ("Local/119-agent@emergency/n", "", "g")
        assert room.variables["HOTLINE_QUEUE"] == "group-general"
        assert room.variables["HOTLINE_EMERGENCY"] == "119"
        assert room.variables["HOTLINE_SERVICE_CALLER"] == "13800000000", "the service calls back the caller"
        assert room.variables["CALLERID(name)"].startswith("紧急119 12345 ")

    async def test_of_a_caller_with_a_withheld_number_shows_12345_to_the_service(self, asterisk: FakeAsterisk) -> None:
        story = await asterisk.call("12345", says=["着火了"], caller="unknown")
        assert story.variables["HOTLINE_SERVICE_CALLER"] == "12345"

    @pytest.mark.parametrize("number", ["110", "119", "120", "122"])
    async def test_reaches_the_service_of_its_kind(
        self, asterisk: FakeAsterisk, registry: Registry, number: str
    ) -> None:
        for cry in registry.emergencies[number].phrases:
            story = await asterisk.call("12345", says=[cry])
            assert story.dials == [(f"Local/{number}-agent@emergency/n", "answered")]

    @pytest.mark.parametrize(
        "answer",
        [
            {"says": [MAYBE, "是"]},
            {"says": [MAYBE], "keys": {"emergency/119": "1"}},
            {"says": [MAYBE, "着火了着火了"]},
        ],
    )
    async def test_if_not_certain_is_asked_about_and_joined_after_a_yes(
        self, asterisk: FakeAsterisk, answer: dict[str, Any]
    ) -> None:
        story = await asterisk.call("12345", **answer)
        assert in_words(story)[:6] == self.ASKED
        assert in_words(story)[-4:] == ["emergency 119 119 火警", *self.JOINED]

    async def test_if_unclear_is_asked_about_and_an_unclear_answer_is_no_yes(self, asterisk: FakeAsterisk) -> None:
        story = await asterisk.call("12345", says=["着火了@50", "着火了@50"])
        assert in_words(story)[:6] == self.ASKED
        assert in_words(story)[-4:] == ["emergency-unanswered 119 119 火警", *AHEAD_OF_ALL]

    @pytest.mark.parametrize(
        "answer", [{"says": [MAYBE]}, {"says": [MAYBE, "啊啊啊"]}, {"says": [MAYBE], "keys": {"emergency/119": "5"}}]
    )
    async def test_without_an_answer_to_the_question_gets_the_next_agent_ahead_of_all_callers(
        self, asterisk: FakeAsterisk, answer: dict[str, Any]
    ) -> None:
        story = await asterisk.call("12345", **answer)
        assert in_words(story)[:6] == self.ASKED
        assert in_words(story)[-4:] == ["emergency-unanswered 119 119 火警", *AHEAD_OF_ALL]
        assert not story.dials
        assert queue(story).variables["QUEUE_PRIO"] == "100"
        assert queue(story).variables["HOTLINE_EMERGENCY"] == "119"
        assert name_at_phone(story).startswith("紧急119 12345 ")

    @pytest.mark.parametrize(
        "answer", [{"says": ["有人打家", "不是"]}, {"says": ["有人打家"], "keys": {"emergency/110": "2"}}]
    )
    async def test_denied_by_the_caller_is_an_ordinary_call(
        self, asterisk: FakeAsterisk, answer: dict[str, Any]
    ) -> None:
        story = await asterisk.call("12345", **answer)
        assert [note.decision for note in heard_events(story)][:2] == [
            SpeechDecision.EMERGENCY_ASKED, SpeechDecision.EMERGENCY_DENIED,
        ]  # fmt: skip
        assert story.variables.get("QUEUE_PRIO") != "100"
        assert not story.variables["HOTLINE_EMERGENCY"]
        assert not any("@emergency" in target for target, _end in story.dials)
        assert in_words(story)[-1] == "done"

    async def test_at_another_question_is_joined_with_the_service_too(self, asterisk: FakeAsterisk) -> None:
        story = await asterisk.call("12345", says=[DIGITS, "着火了"])
        assert in_words(story)[-4:] == ["emergency-sure 119 119 火警", *self.JOINED]

    @pytest.mark.parametrize("utterance", ["消防通道堵了", "我家以前着过火"])
    async def test_only_mentioned_in_a_sentence_is_no_emergency(self, asterisk: FakeAsterisk, utterance: str) -> None:
        story = await asterisk.call("12345", says=[utterance])
        assert not any(note.decision.startswith("emergency") for note in heard_events(story))

    async def test_without_an_agent_is_joined_with_the_service_alone(self, asterisk: FakeAsterisk) -> None:
        story = await asterisk.call("12345", says=["着火了"], seats={"group-general": (0, 0)})
        assert in_words(story)[-3:] == ["emergency 119 with nobody", "joins 119", "done"]

    @pytest.mark.parametrize("agents", [(0, 0), (3, 0)])
    async def test_to_which_neither_service_nor_agent_comes_hears_which_number_to_dial(
        self, asterisk: FakeAsterisk, agents: tuple[int, int]
    ) -> None:
        story = await asterisk.call(
            "12345", says=["着火了"], seats={"group-general": agents}, dials={"119": "noanswer"}
        )
        assert in_words(story)[-len(self.ALONE) :] == self.ALONE

    async def test_an_unanswered_emergency_without_agent_hears_a_number_to_dial(self, asterisk: FakeAsterisk) -> None:
        story = await asterisk.call("12345", says=[MAYBE], seats={"group-general": (0, 0)})
        alone = ["emergency-alone", "phone 119", "fell back: no-agent", *MESSAGE, "done"]
        assert in_words(story)[-len(alone) :] == alone

    async def test_is_never_refused_by_a_full_queue(self, asterisk: FakeAsterisk) -> None:
        story = await asterisk.call("12345", says=[MAYBE], queues={"group-general": "full"})
        assert in_words(story)[-2:] == ["waits for general", "done"]
        ordinary_call = await asterisk.call("12345", says=["反映问题"], queues={"group-general": "full"})
        assert "fell back: queue-full" in in_words(ordinary_call)


class TestWhereTheHotlineDoesNotHear:
    FAILED: Final = ["recognizer-failed"]
    KEYS: Final = ["opening", "menu-main", "listens 2 s", "chose silence", *AGENT[1:]]

    async def test_without_a_recogniser_nothing_changes(self, asterisk: FakeAsterisk, services: FakeServices) -> None:
        services.can_hear = lambda: False
        story = await asterisk.call("12345", says=["着火了"])
        assert in_words(story) == self.KEYS
        assert not any(command.startswith("SPEECH") for command in story.commands)

    async def test_without_a_free_recogniser_the_menu_offers_keys_only(self, asterisk: FakeAsterisk) -> None:
        assert in_words(await asterisk.call("12345", says=["着火了"], recogniser_free=False)) == self.KEYS

    async def test_if_the_recogniser_dies_keys_still_work(self, asterisk: FakeAsterisk) -> None:
        story = await asterisk.call("12345", says={"opening": "deaf"}, keys="1")
        assert in_words(story) == ["opening", "opening", "recognizer-failed", "chose 1 反映问题", *AGENT_WITH_NOTICE]

    async def test_if_the_recogniser_dies_at_the_menu_the_menu_is_played_again_without_speech(
        self, asterisk: FakeAsterisk
    ) -> None:
        story = await asterisk.call("12345", says={"menu-main": "deaf"})
        assert in_words(story) == [
            "opening",
            "menu-main",
            "menu-main",
            "listens 2 s",
            *self.FAILED,
            "chose silence",
            *AGENT[1:],
        ]

    async def test_if_the_recogniser_dies_at_the_invitation_to_speak_keys_still_work(
        self, asterisk: FakeAsterisk
    ) -> None:
        story = await asterisk.call("12345", says={"menu-speech-invitation": "deaf"})
        assert in_words(story) == [*MENU, "listens 2 s", "recognizer-failed", "chose silence", *AGENT[1:]]

    async def test_if_the_recogniser_dies_in_the_wait_the_menu_is_played_again_without_speech(
        self, asterisk: FakeAsterisk
    ) -> None:
        story = await asterisk.call("12345", says=["deaf"])
        assert in_words(story) == [*WAIT, "menu-main", "listens 2 s", "recognizer-failed", "chose silence", *AGENT[1:]]

    async def test_if_the_recogniser_dies_at_a_question_keys_still_work(self, asterisk: FakeAsterisk) -> None:
        story = await asterisk.call("12345", says=[DIGITS, "deaf"], keys="")
        assert in_words(story)[-6:] == ["listens 2 s", "recognizer-failed 12366", *AGENT]

    async def test_if_the_recogniser_is_too_slow_keys_work_and_speech_works_at_the_next_question(
        self, asterisk: FakeAsterisk
    ) -> None:
        repeated = {"opening": "slow", "menu-main": "反映问题"}
        story = await asterisk.call("12345", says=repeated, keys="*")
        assert in_words(story)[:3] == ["opening", "opening", "recognizer-too-slow"]
        assert "sure main:1 反映问题" in in_words(story)

    async def test_if_the_recogniser_is_too_slow_the_agent_sees_that_the_caller_has_spoken(
        self, asterisk: FakeAsterisk
    ) -> None:
        story = await asterisk.call("12345", says=["slow"], keys="")
        assert in_words(story)[-5:] == ["recognizer-too-slow", "chose silence", *AGENT[1:]]
        assert name_at_phone(story) == "12345 12345政务服务便民热线 “…”?"

    async def test_if_the_recogniser_is_too_slow_a_key_counts_in_place_of_the_words(
        self, asterisk: FakeAsterisk
    ) -> None:
        story = await asterisk.call("12345", says={"menu-main": "slow"}, keys="1")
        assert name_at_phone(story) == "12345 12345政务服务便民热线 反映问题"

    async def test_a_menu_without_the_invitation_to_speak_works_with_speech(
        self, asterisk: FakeAsterisk, services: FakeServices
    ) -> None:
        services.has_prompt = lambda _prompt: False
        assert in_words(await asterisk.call("12345"))[:2] == ["opening", "menu-main"]

    async def test_a_name_without_a_recording_is_read_digit_by_digit(
        self, asterisk: FakeAsterisk, services: FakeServices
    ) -> None:
        services.has_prompt = lambda _prompt: False
        story = await asterisk.call("12345", says=[DIGITS])
        assert in_words(story)[3:7] == ["confirm 12366", "confirm-1", "phone 12366", "confirm-2"]


async def test_the_recogniser_is_released_before_the_queue(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", says=["反映问题"])
    commands = [" ".join(command.split()[:2]) for command in story.commands]
    assert commands.count("SPEECH CREATE") == commands.count("SPEECH DESTROY") == 1
    assert commands.index("SPEECH DESTROY") < commands.index("EXEC Gosub")


@pytest.mark.parametrize("says", [["着火了"], [MAYBE, "是"], [DIGITS, "是"], ["预付卡", "商务投诉"]])
async def test_a_hang_up_after_any_command_is_no_error_and_nobody_is_rung(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture, says: list[str]
) -> None:
    whole = await asterisk.call("12345", says=says)
    rung = next(step for step, command in enumerate(whole.commands, 1) if command.startswith("EXEC Gosub"))
    for step in range(1, rung):
        cut = await asterisk.call("12345", says=says, hang_up_after=step, hangup_line_first=True)
        assert not (cut.queues or cut.dials), whole.commands[step - 1]
        assert "done" not in in_words(cut)
    assert not log.records


async def test_simultaneous_callers_are_all_understood(asterisk: FakeAsterisk) -> None:
    stories = await asyncio.gather(*(asterisk.call("12345", says=["反映问题"]) for _ in range(4)))
    assert all("sure main:1 反映问题" in in_words(story) for story in stories)


def test_the_engine_knows_the_phrases_of_every_question(registry: Registry) -> None:
    assert speech_service.vocabulary(registry, YES_NO)
    assert all(speech_service.vocabulary(registry, menu) for menu in registry.menus)
