"""Spoken emergencies, and words that only sound like an emergency."""

import pytest

from ivr.intents.emergency import AskEmergency, CallService, EmergencyPhrases, find_emergency, prepared_emergencies
from ivr.intents.evidence import Evidence
from ivr.registry.model import Registry
from tests.intents.table import rows, table

CASES = table()["emergencies"]
OTHER = [*CASES["none"], *(row.text for row in rows("development", "held_out"))]


@pytest.fixture(scope="module")
def ready(chenzhou: Registry) -> tuple[EmergencyPhrases, ...]:
    return prepared_emergencies(chenzhou)


def cases(kind: str) -> list[tuple[str, str]]:
    return [(number, text) for number, texts in CASES[kind].items() for text in texts]


@pytest.mark.parametrize(("number", "text"), cases("call"))
def test_a_cry_for_help_is_called_at_once(number: str, text: str, ready: tuple[EmergencyPhrases, ...]) -> None:
    found = find_emergency(text, ready)
    assert isinstance(found, CallService)
    assert found.number == number


@pytest.mark.parametrize(("number", "text"), cases("ask"))
def test_a_cry_that_is_less_than_certain_is_asked_about(
    number: str, text: str, ready: tuple[EmergencyPhrases, ...]
) -> None:
    found = find_emergency(text, ready)
    assert isinstance(found, AskEmergency)
    assert found.number == number


@pytest.mark.parametrize(("number", "text"), cases("call"))
def test_a_matter_that_was_perhaps_said_is_asked_about(
    number: str, text: str, ready: tuple[EmergencyPhrases, ...]
) -> None:
    found = find_emergency(text, ready, certain=False)
    assert isinstance(found, AskEmergency)
    assert found.number == number


@pytest.mark.parametrize(
    ("text", "cry", "nats", "number"),
    [
        ("找回了", "着火了", -3.1, "119"),
        ("孩子卡住了传播过去", "孩子卡住了喘不过气", 4.3, "120"),
        ("孩子卡住了传播过去", "孩子卡住了喘不过气", -20.0, None),
        ("我家以前找回了", "我家以前着火了", -3.1, None),
        ("我家前年来家具", "我家以前着火了", -3.1, None),
        ("公积金提取", "", 0.0, None),
    ],
)
def test_a_cry_that_the_sound_speaks_for_is_asked_about_whatever_was_written(
    text: str, cry: str, nats: float, number: str | None, ready: tuple[EmergencyPhrases, ...]
) -> None:
    found = find_emergency(text, ready, cry=Evidence(cry, nats))
    assert not isinstance(found, CallService)
    assert (found.number if found else None) == number


def test_there_is_hardly_a_false_alarm_in_the_whole_table(ready: tuple[EmergencyPhrases, ...]) -> None:
    found = [(text, each) for text in OTHER if (each := find_emergency(text, ready))]
    assert not [each for each in found if isinstance(each[1], CallService)]
    assert len(found) <= 0.005 * len(OTHER), found


@pytest.mark.parametrize("denied", ["不是着火了", "没有着火了", "快着火了", "着火了吗", "差点着火了", "听说着火了"])
def test_a_caller_who_denies_doubts_or_asks_is_never_connected_unasked(
    denied: str, ready: tuple[EmergencyPhrases, ...]
) -> None:
    assert not isinstance(find_emergency(denied, ready), CallService)


def test_a_word_that_only_sounds_like_a_denial_does_not_silence_a_cry(ready: tuple[EmergencyPhrases, ...]) -> None:
    assert find_emergency("我家以前着火了", ready) is None
    assert isinstance(find_emergency("一千户着火了", ready), AskEmergency)


def test_of_two_emergencies_the_first_is_called(ready: tuple[EmergencyPhrases, ...]) -> None:
    both = find_emergency("有人打架有人受伤了", ready)
    assert isinstance(both, CallService)
    assert both.number == "110"


@pytest.mark.parametrize("text", ["", "。。。", "abc", "🔥🔥🔥", "\ud800", "龘" * 500])
def test_no_text_without_a_cry_calls_a_service(text: str, ready: tuple[EmergencyPhrases, ...]) -> None:
    assert find_emergency(text, ready) is None


def test_without_emergencies_in_the_registry_no_utterance_is_an_emergency() -> None:
    assert find_emergency("着火了", ()) is None
