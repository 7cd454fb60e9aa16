"""A caller who asks a question at the menu hears an article's answer (群众自助查询), and can always reach an agent."""

import pytest

from agi_scripts.services import SpokenAnswer
from ivr.call_events.vocabulary import AnswerPlayed
from testkit.fake_asterisk.channel import Story
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.agi_scripts.call_in_words import call_events, in_words

QUESTION = "周末加班给多少钱"  # the registry has no line for this matter
SOUND = "answers/12333-overtime/2"
ANSWER = SpokenAnswer("12333-overtime", 2, "加班工资怎么算", SOUND, 20)
MENU = ["opening", "menu-main", "menu-speech-invitation", "hears"]
AGENT = ["transferring", "offered to general general", "waits for general", "done"]


@pytest.fixture
def looked_up_questions(services: FakeServices) -> list[str]:
    """Return the questions that were looked up; each has an answer."""
    questions: list[str] = []

    async def find(question: str) -> SpokenAnswer:
        questions.append(question)
        return ANSWER

    services.can_hear = lambda: True
    services.find_answer = find
    return questions


def answers(story: Story) -> list[AnswerPlayed]:
    return [note for note in call_events(story) if isinstance(note, AnswerPlayed)]


async def test_the_answer_is_heard_and_an_agent_follows_who_sees_the_question(
    asterisk: FakeAsterisk, looked_up_questions: list[str]
) -> None:
    story = await asterisk.call("12345", says=[QUESTION])
    assert in_words(story) == [
        *MENU, "answered 加班工资怎么算", SOUND, "hears", "told 12333-overtime until whole", *AGENT,
    ]  # fmt: skip
    assert looked_up_questions == [QUESTION]
    (heard,) = answers(story)
    assert (heard.version, heard.title, heard.seconds, heard.length) == (2, "加班工资怎么算", 20, 20)
    (queue,) = [run for run in story.runs if run.application == "Queue"]
    assert "加班工资怎么算" in queue.variables["CALLERID(name)"]


@pytest.mark.parametrize(("caller", "end"), [({"keys": {SOUND: "0"}}, "key"), ({"says": [QUESTION, "转人工"]}, "word")])
async def test_a_key_or_a_word_brings_the_agent_at_once(
    asterisk: FakeAsterisk, looked_up_questions: list[str], caller: dict[str, object], end: str
) -> None:
    story = await asterisk.call("12345", **({"says": [QUESTION]} | caller))
    assert f"told 12333-overtime until {end}" in in_words(story)
    assert in_words(story)[-len(AGENT) :] == AGENT
    assert looked_up_questions == [QUESTION]


async def test_a_cry_for_help_during_the_answer_goes_ahead_of_all_callers(
    asterisk: FakeAsterisk, looked_up_questions: list[str]
) -> None:
    story = await asterisk.call("12345", says=[QUESTION, "着火了"])
    assert "told 12333-overtime until word" in in_words(story)
    assert any(step.startswith("emergency 119") for step in in_words(story))


async def test_the_record_has_a_hang_up_during_the_answer(
    asterisk: FakeAsterisk, looked_up_questions: list[str]
) -> None:
    story = await asterisk.call("12345", says=[QUESTION], hang_up_at=SOUND)
    (heard,) = answers(story)
    assert (heard.end, heard.seconds) == ("hung-up", 0)
    assert not story.runs or story.runs[-1].application != "Queue"


@pytest.mark.parametrize("utterance", ["公积金提取", "我要投诉物业怎么没人管", "转人工"])
async def test_words_without_a_question_are_not_looked_up(
    asterisk: FakeAsterisk, looked_up_questions: list[str], utterance: str
) -> None:
    story = await asterisk.call("12345", says=[utterance])
    assert looked_up_questions == []
    assert not answers(story)


async def test_after_the_answer_a_call_with_a_sure_target_goes_to_the_target(
    asterisk: FakeAsterisk, looked_up_questions: list[str]
) -> None:
    story = await asterisk.call("12345", says=["怎么办护照"])
    steps = in_words(story)
    assert steps.index("told 12333-overtime until whole") < steps.index("center-connecting")


async def test_without_an_answer_the_call_is_the_same_as_before(asterisk: FakeAsterisk, services: FakeServices) -> None:
    services.can_hear = lambda: True
    with_question = await asterisk.call("12345", says=[QUESTION])
    with_matter = await asterisk.call("12345", says=["嗯嗯嗯嗯"])
    assert len(with_question.commands) == len(with_matter.commands), "a search sends no AGI command"
    assert in_words(with_question)[-len(AGENT) :] == AGENT
