"""An utterance is read in steps from its first pause on; speech after the pause cancels the remaining steps."""

import numpy as np

from ivr.speech import wire
from ivr.speech.recognizer import Listener, ListenerWork, RecognizedUtterance, Timelines, Vocabulary
from ivr.speech.recognizers.utterances import ReadingSteps, UtteranceListener
from ivr.speech.sound import Samples
from ivr.speech.voice_activity import CHUNK
from ivr.speech.wire import MessageKind, WireMessage
from ivr.speech.worker import Worker

SPEECH, PAUSE = 8000, 1  # amplitudes
STEPS = 3
MENU = Vocabulary("main", ("护照",))


def sound(amplitude: int, chunks: int) -> bytes:
    return np.tile(np.array([amplitude, -amplitude], "<i2"), chunks * CHUNK // 2).tobytes()


class Loudness:
    """A voice detector that takes what is loud for speech."""

    def likelihood(self, chunk: Samples) -> float:
        return float(np.abs(chunk).max() > 0.1)


class Reader:
    """A recogniser that reads the number of chunks of an utterance in three steps, and counts the steps."""

    def __init__(self) -> None:
        self.steps = 0

    def listener(self) -> UtteranceListener:
        return UtteranceListener(Loudness(), self._read, lambda _text: False, lambda _sound, _seconds: False)  # type: ignore[arg-type]

    def _read(self, samples: Samples) -> ReadingSteps:
        for step in range(STEPS):
            self.steps += 1
            if step < STEPS - 1:
                yield
        return RecognizedUtterance(f"{len(samples) // (2 * CHUNK)} chunks", 1.0, 0.0)

    # the methods of a `Recognizer`
    name = "counts"

    def listen(self, _vocabulary: Vocabulary, _played: Timelines = (), _before: Listener | None = None) -> Listener:
        return self.listener()

    def unknown(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        raise NotImplementedError

    def read_sample(self, sound: bytes, vocabulary: Vocabulary) -> None:
        raise NotImplementedError


def listener_on_quiet_line(reader: Reader) -> UtteranceListener:
    """Return a listener that knows the line to be quiet."""
    listener = reader.listener()
    listener.feed(sound(PAUSE, 100))
    return listener


def test_the_reading_begins_in_the_pause_and_is_finished_when_the_pause_is_long_enough() -> None:
    reader = Reader()
    listener = listener_on_quiet_line(reader)
    listener.feed(sound(SPEECH, 20) + sound(PAUSE, 9))
    assert listener.work is ListenerWork.EARLY
    assert [listener.step() for _step in range(STEPS)] == [None] * STEPS
    assert listener.work is ListenerWork.NONE
    heard = listener.feed(sound(PAUSE, 10))
    assert heard
    assert reader.steps == STEPS


def test_speech_after_a_pause_cancels_the_remaining_steps() -> None:
    reader = Reader()
    listener = listener_on_quiet_line(reader)
    listener.feed(sound(SPEECH, 20) + sound(PAUSE, 9))
    listener.step()
    listener.feed(sound(SPEECH, 20))
    assert (listener.work, reader.steps) == (ListenerWork.NONE, 1)
    listener.feed(sound(PAUSE, 9))
    assert [listener.step() for _step in range(STEPS)] == [None] * STEPS
    heard = listener.feed(sound(PAUSE, 10))
    assert heard
    assert int(heard.text.split()[0]) > 45  # the whole utterance


def test_a_caller_who_has_stopped_gets_the_utterance_with_the_last_step() -> None:
    reader = Reader()
    listener = listener_on_quiet_line(reader)
    assert not listener.feed(sound(SPEECH, 20) + sound(PAUSE, 30))
    assert (listener.work, listener.speaking) == (ListenerWork.DUE, True)
    assert [bool(listener.step()) for _step in range(STEPS)] == [False, False, True]
    assert (listener.work, listener.speaking) == (ListenerWork.NONE, False)


def test_two_utterances_that_wait_are_heard_one_after_the_other() -> None:
    listener = listener_on_quiet_line(Reader())
    listener.feed((sound(SPEECH, 20) + sound(PAUSE, 30)) * 2)
    heard = [utterance for _step in range(2 * STEPS) if (utterance := listener.step())]
    assert len(heard) == 2
    assert listener.work is ListenerWork.NONE


class EngineSide:
    """The engine's side of a recogniser's process."""

    def __init__(self, callers: int) -> None:
        self.messages: list[WireMessage] = []
        self.worker = Worker(Reader(), self.messages.append)
        for caller in range(1, callers + 1):
            self.send(WireMessage(MessageKind.LISTEN, caller, wire.listen_payload(MENU, (), 0)))
            self.send(WireMessage(MessageKind.SOUND, caller, sound(PAUSE, 100)))

    def send(self, message: WireMessage) -> None:
        self.worker.receive(message)
        self.worker.work()

    def done(self, caller: int) -> int:
        self.worker.receive(WireMessage(MessageKind.ASK))
        return wire.payload_status(self.messages.pop().payload).done[caller]

    def heard(self) -> list[int]:
        return [message.caller for message in self.messages if message.kind is MessageKind.HEARD]


def test_a_caller_who_waits_comes_before_a_caller_who_pauses() -> None:
    engine = EngineSide(2)
    engine.send(WireMessage(MessageKind.SOUND, 1, sound(SPEECH, 20) + sound(PAUSE, 9)))
    engine.worker.work()  # a step for caller 1, who may go on
    engine.send(WireMessage(MessageKind.SOUND, 2, sound(SPEECH, 20) + sound(PAUSE, 30)))
    for _step in range(STEPS):
        engine.worker.work()
    assert engine.heard() == [2]


def test_sound_comes_before_the_next_step() -> None:
    engine = EngineSide(1)
    engine.send(WireMessage(MessageKind.SOUND, 1, sound(SPEECH, 20) + sound(PAUSE, 9)))
    engine.worker.receive(WireMessage(MessageKind.SOUND, 1, sound(SPEECH, 20)))
    engine.worker.work()
    engine.send(WireMessage(MessageKind.SOUND, 1, sound(PAUSE, 30)))
    for _step in range(STEPS):
        engine.worker.work()
    assert engine.heard() == [1]
    (heard,) = (wire.payload_heard(message.payload) for message in engine.messages if message.kind is MessageKind.HEARD)
    assert int(heard.text.split()[0]) > 45


def test_words_count_as_processed_only_when_they_are_read() -> None:
    """Otherwise the engine would not notice a recogniser that is too slow for its callers."""
    engine = EngineSide(1)
    before = engine.done(1)
    engine.send(WireMessage(MessageKind.SOUND, 1, sent := sound(SPEECH, 20) + sound(PAUSE, 30)))
    assert engine.done(1) == before
    for _step in range(STEPS):
        engine.worker.work()
    assert engine.done(1) == before + len(sent)
