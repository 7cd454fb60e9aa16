"""The vocabulary of each menu: all phrases of the registry, emergencies at every menu, the likeliest first."""

from ivr.engine import speech_service
from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.shipped import RECORDINGS
from testkit.hotline.running import ROOT

REGISTRY = read(ROOT / "numbers.yaml", recorded(RECORDINGS))
ALARMS = {phrase for emergency in REGISTRY.emergencies.values() for phrase in emergency.phrases}
SITUATIONS = {text for emergency in REGISTRY.emergencies.values() for text in emergency.situations}


def phrases(name: str) -> tuple[str, ...]:
    vocabulary = speech_service.vocabulary(REGISTRY, name)
    assert vocabulary
    assert vocabulary.name == name
    return vocabulary.phrases


def test_every_phrase_of_the_registry_may_be_said_at_the_menu() -> None:
    lines = {phrase for line in REGISTRY.lines for phrase in line.phrases}
    services = {phrase for service in REGISTRY.linkage.values() for phrase in service.phrases}
    choices = {phrase for choice in REGISTRY.menus["main"].choices for phrase in choice.phrases}
    unclear = {phrase for subject in REGISTRY.unclear for phrase in subject.phrases}
    assert set(phrases("main")) >= lines | services | choices | unclear | ALARMS
    assert len(set(phrases("main"))) == len(phrases("main"))


def test_names_of_lines_and_units_may_be_said_without_being_phrases() -> None:
    assert set(phrases("main")) >= {"民政局", "市民政局", "司法局"}


def test_emergencies_are_marked_so_that_they_are_never_guessed() -> None:
    for name in ("main", "yes-no"):
        vocabulary = speech_service.vocabulary(REGISTRY, name)
        assert vocabulary
        assert vocabulary.cries == ALARMS | SITUATIONS


def test_yes_and_no_alternate_in_the_vocabulary_of_a_question() -> None:
    words = phrases("yes-no")
    assert words[:2] == (REGISTRY.answers.yes[0], REGISTRY.answers.no[0])
    assert set(words) == {*REGISTRY.answers.yes, *REGISTRY.answers.no} | ALARMS


def test_an_unknown_menu_has_no_vocabulary() -> None:
    assert speech_service.vocabulary(REGISTRY, "nowhere") is None
