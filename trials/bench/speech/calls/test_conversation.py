"""A call of the bench, with Asterisk's side played by a fake."""

import pytest

from agi_scripts.meanings import Meanings
from ivr.asterisk.agi.fastagi import FastAgiServer
from ivr.call_events.values import SpeechDecision
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.shipped import RECORDINGS
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.hotline.running import ROOT
from trials.bench.speech.calls.conversation import Conversation, Record, Trial, services
from trials.bench.speech.calls.moments import Moment, Timeline
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import TUNING, SampleKind
from trials.bench.speech.telephone.conditions import CLEAN

CALLER = "13900000000"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read(ROOT / "numbers.yaml", recorded(RECORDINGS))


async def record_of(kind: SampleKind, registry: Registry, says: str, *, breaks: bool = False) -> Record:
    """Return the record of a call whose caller says this text."""
    take = next(take for take in recordings.recorded(TUNING) if take.utterance.kind is kind)
    stub = services(registry, lambda: True, lambda _prompt: True)
    stub.meanings = None if breaks else Meanings()  # by sound alone: the encoder takes long to load
    moment = Moment.QUESTION if kind.is_answer else Moment.OPENING
    conversation = Conversation(Trial(CALLER, TUNING, take, CLEAN, moment), stub, Timeline(), lambda _command: None)
    async with FastAgiServer({"bench": conversation.hold}) as server:
        await FakeAsterisk(server.host, server.port, script="bench").call("12345", caller=CALLER, says=[says])
    return conversation.record


async def test_a_caller_whose_utterance_is_a_yes_is_asked_a_question(registry: Registry) -> None:
    record = await record_of(SampleKind.YES, registry, "是的")
    assert [event.decision for _moment, event in record.decisions] == [SpeechDecision.CONFIRMED]
    assert not record.problem


async def test_a_failure_of_the_script_is_not_reported_as_a_lack_of_recognisers(registry: Registry) -> None:
    record = await record_of(SampleKind.YES, registry, "是的", breaks=True)
    assert record.problem.startswith("the script failed: ")
