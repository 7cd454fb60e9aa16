"""The three sets are kept apart, and each covers all that the registry has."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, combinations

import pytest

from ivr.intents.small_talk import SMALL_TALK
from testkit.hotline.running import registry
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import (
    OPEN,
    PROOF,
    TUNING,
    SampleKind,
    SampleUtterance,
    UtteranceForm,
    cast,
    exists,
    utterances,
)
from trials.bench.speech.corpus.takes import SPEEDS, takes
from trials.bench.speech.telephone import background

SETS = [name for name in (TUNING, PROOF, OPEN) if exists(name)]
MATTERS = [name for name in SETS if name != OPEN]
PROMPTS_VOICE = "zf_xiaoxiao"
WAYS = 10  # in which citizens say each matter
CRIES = {TUNING: 60, PROOF: 100}  # at least; more in the set that measures, so that its interval is narrow
NEAR = 0.5  # of a text's letters: a text of which fewer are edited says the same
UNNAMED = {SampleKind.NONE, SampleKind.EMERGENCY, SampleKind.NO_EMERGENCY}
"""Kinds of utterances whose words no registry gives: each set has its own."""


def letters(text: str) -> str:
    """Return the text without punctuation."""
    return "".join(sign for sign in text if sign.isalnum())


def phrases() -> set[str]:
    """Return all texts that the registry lists as said by callers."""
    shipped = registry()
    listed = [*shipped["lines"], *shipped["linkage"], *shipped["emergencies"], *shipped["unclear"]]
    listed += shipped["menus"]["main"]["keys"]
    said = chain.from_iterable(entry.get("phrases", ()) for entry in listed)
    return {letters(phrase) for phrase in (*said, *chain.from_iterable(shipped["answers"].values()))}


def cries_listed() -> set[str]:
    """Return all texts that the registry lists as a cry for help."""
    services = registry()["emergencies"]
    return {letters(text) for service in services for text in (*service["phrases"], *service["situations"])}


def edits(first: str, second: str) -> int:
    """Return the number of letters to change, to add or to leave out to make the one text the other."""
    row = list(range(len(second) + 1))
    for number, letter in enumerate(first, 1):
        before, row[0] = row[0], number
        for place, other_letter in enumerate(second, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != other_letter))
    return row[-1]


def near(texts: Iterable[str], others: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each text with each other text that says nearly the same."""
    counted = [(other, set(other), Counter(other)) for other in others]
    for text in texts:
        least, counts = NEAR * len(text), Counter(text)
        for other, signs, other_counts in counted:
            if len(counts.keys() - signs) >= least:  # each letter that the other text lacks is an edit
                continue
            fewest = max(len(text), len(other)) - (counts & other_counts).total()  # edits, in any order of letters
            if fewest < least and edits(text, other) < least:
                yield text, other


def ways(name: str) -> dict[str, list[SampleUtterance]]:
    """Return the utterances of citizens, by number."""
    by_number = defaultdict(list)
    for utterance in utterances(name):
        if utterance.form is UtteranceForm.SAID and utterance.kind in (SampleKind.LINE, SampleKind.LINKAGE):
            by_number[utterance.right[0]].append(utterance)
    return by_number


@pytest.mark.parametrize(("first", "second"), list(combinations(SETS, 2)))
def test_no_phrase_stands_in_two_sets(first: str, second: str) -> None:
    """Names and units may be in both, because the sets have them from the registry."""
    of_first, of_second = (
        {letters(said.text) for said in utterances(name) if said.form not in (UtteranceForm.NAME, UtteranceForm.UNIT)}
        for name in (first, second)
    )
    assert not of_first & of_second


@pytest.mark.parametrize("name", [name for name in SETS if name != TUNING])
def test_sentences_without_a_target_differ_from_those_of_the_tuning_set(name: str) -> None:
    """Everyday sentences, cries and hazards; small talk that the hotline knows counts as the tuning set's."""
    texts = [letters(utterance.text) for utterance in utterances(name) if utterance.kind in UNNAMED]
    assert not list(near(texts, (*map(letters, SMALL_TALK), *(letters(said.text) for said in utterances(TUNING)))))


def test_a_text_is_near_another_of_which_less_than_half_is_edited() -> None:
    assert list(near(["今天天气真好"], ["今天天气怎么样", "今天真好"])) == [("今天天气真好", "今天真好")]


@pytest.mark.parametrize("name", SETS)
def test_no_phrase_stands_in_a_set_twice(name: str) -> None:
    texts = [letters(utterance.text) for utterance in utterances(name)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("name", [name for name in SETS if name != TUNING])
def test_at_most_half_of_the_texts_of_a_number_are_phrases_of_the_registry(name: str) -> None:
    """No sentence that belongs to no line is a phrase of the registry."""
    listed = phrases()
    for number, texts in ways(name).items():
        known = [utterance.text for utterance in texts if letters(utterance.text) in listed]
        assert len(known) <= len(texts) / 2, f"{number}: {known}"
    for utterance in utterances(name):
        assert utterance.kind is not SampleKind.NONE or letters(utterance.text) not in listed


def test_the_registry_lists_no_more_than_half_of_the_proof_sets_cries() -> None:
    """A listed text counts also as a part of the cry."""
    listed, by_service = cries_listed(), defaultdict(list)
    for utterance in utterances(PROOF):
        if utterance.kind is SampleKind.EMERGENCY:
            by_service[utterance.right[0]].append(letters(utterance.text))
    for service, cries in by_service.items():
        known = [cry for cry in cries if any(text in cry for text in listed)]
        assert len(known) <= len(cries) / 2, f"{service}: {known}"


@pytest.mark.parametrize(("first", "second"), [pair for pair in combinations(SETS, 2) if TUNING in pair])
def test_tuning_shares_no_voice_with_another_set(first: str, second: str) -> None:
    styles = [{style for voice in cast(name) for style, _share in voice.styles} for name in (first, second)]
    engines = [{voice.engine for voice in cast(name) if voice.engine != "kokoro"} for name in (first, second)]
    assert not styles[0] & styles[1]
    assert not engines[0] & engines[1]


def test_no_two_voices_are_the_same_and_none_is_the_prompts() -> None:
    everybody = [(voice.styles, voice.engine, voice.pitch) for name in SETS for voice in cast(name)]
    assert len(set(everybody)) == len(everybody)
    assert all(PROMPTS_VOICE not in dict(styles) for styles, _engine, _pitch in everybody)


def test_each_set_has_its_own_noise() -> None:
    assert len(set(background.SEEDS.values())) == len(background.SEEDS)
    assert TUNING not in [talk for name, talk in background.TALK.items() if name != TUNING]


@pytest.mark.parametrize("name", MATTERS)
def test_a_set_covers_every_number(name: str) -> None:
    shipped, listed = registry(), utterances(name)
    by_number = ways(name)
    for line in (*shipped["lines"], *shipped["linkage"]):
        if line.get("mode") == "hotline":
            continue
        number = line["number"]
        forms = {
            form: {said.text for said in listed if number in said.right and said.form is form} for form in UtteranceForm
        }
        assert line["name"] in forms[UtteranceForm.NAME], number
        assert not line.get("unit") or line["unit"] in forms[UtteranceForm.UNIT], number
        assert forms[UtteranceForm.SHORT], number
        assert len(by_number[number]) >= WAYS, number
    assert len([said for said in listed if said.kind is SampleKind.EMERGENCY]) >= CRIES[name]
    assert {service for said in listed if said.kind is SampleKind.EMERGENCY for service in said.right[:1]} == {
        entry["number"] for entry in shipped["emergencies"]
    }


@pytest.mark.parametrize("name", SETS)
def test_each_right_answer_is_in_the_registry(name: str) -> None:
    shipped = registry()
    numbers = {entry["number"] for entry in (*shipped["lines"], *shipped["linkage"])}
    keys = {entry["key"] for entry in shipped["menus"]["main"]["keys"]}
    for utterance in utterances(name):
        assert set(utterance.right) <= (keys if utterance.kind is SampleKind.CHOICE else numbers), utterance.text


@pytest.mark.parametrize("name", SETS)
def test_voices_and_speeds_are_spread_evenly(name: str) -> None:
    assert len(cast(name)) >= 8
    spoken = takes(name)
    expected = len(spoken) / len(cast(name)) / len(SPEEDS)
    for voice in cast(name):
        for speed in SPEEDS:
            count = sum(take.voice == voice and take.speed == speed for take in spoken)
            assert 0.9 * expected - 1 <= count <= 1.1 * expected + 1


@pytest.mark.parametrize("name", SETS)
def test_each_take_is_recorded(name: str) -> None:
    recorded_takes = set(recordings.recorded(name))
    missing = [take.name for take in takes(name) if take not in recorded_takes]
    assert not missing, "python -m trials.bench.speech.corpus.record speaks them"


@pytest.mark.parametrize("name", SETS)
def test_recordings_are_small_and_at_their_level(name: str) -> None:
    assert all(path.stat().st_size < 2_000_000 for path in recordings.archives(name))
    for take in recordings.recorded(name)[::50]:
        samples = recordings.samples(name, take)
        assert 1000 < abs(samples.astype(int)).max() < 32700, take.name
