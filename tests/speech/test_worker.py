"""The code of the recogniser's process, in the test's process: the sound that each listener gets."""

from ivr.speech import wire
from ivr.speech.recognizer import Listener, ListenerWork, RecognizedUtterance, Timelines, Vocabulary
from ivr.speech.wire import MessageKind, WireMessage
from ivr.speech.worker import Worker


class QuestionListener:
    """A listener that knows the listener before it."""

    speaking = False
    work = ListenerWork.NONE

    def __init__(self, before: Listener | None) -> None:
        self.before = before

    def feed(self, frames: bytes) -> RecognizedUtterance | None:
        raise NotImplementedError

    def step(self) -> RecognizedUtterance | None:
        raise NotImplementedError


class KeepingRecognizer:
    """A recogniser that keeps its listeners."""

    name = "made up"

    def __init__(self) -> None:
        self.listeners: list[QuestionListener] = []

    def listen(self, vocabulary: Vocabulary, played: Timelines = (), before: Listener | None = None) -> Listener:
        self.listeners.append(QuestionListener(before))
        return self.listeners[-1]

    def unknown(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        raise NotImplementedError

    def read_sample(self, sound: bytes, vocabulary: Vocabulary) -> None:
        raise NotImplementedError


def test_the_background_of_a_callers_line_is_kept_for_the_whole_call() -> None:
    """The caller gets a new number at each question, and the old one is stopped at once."""
    recognizer = KeepingRecognizer()
    worker = Worker(recognizer, lambda _message: None)
    vocabulary = Vocabulary("main", ("护照",))
    for number, before in ((2, 1), (3, 2), (4, 0)):
        worker.receive(WireMessage(MessageKind.LISTEN, number, wire.listen_payload(vocabulary, (), before)))
        worker.receive(WireMessage(MessageKind.STOP, before))
        worker.work()
        worker.work()
    first, second, stranger = recognizer.listeners
    assert (first.before, second.before, stranger.before) == (None, first, None)


class UtteranceReader(QuestionListener):
    """A listener that reads an utterance when more sound comes."""

    speaking = True

    def feed(self, frames: bytes) -> RecognizedUtterance | None:
        self.speaking = False
        return RecognizedUtterance("护照", 1.0, 0.0)


class OneWordRecognizer(KeepingRecognizer):
    """A recogniser whose callers say one word each."""

    def listen(self, vocabulary: Vocabulary, played: Timelines = (), before: Listener | None = None) -> Listener:
        return UtteranceReader(before)


def test_a_callers_words_are_told_before_the_caller_is_told_to_be_quiet() -> None:
    """The engine takes a caller who is quiet at the end of the wait, and of whom it has no words, for silent."""
    told: list[MessageKind] = []
    worker = Worker(OneWordRecognizer(), lambda message: told.append(message.kind))
    worker.receive(WireMessage(MessageKind.LISTEN, 1, wire.listen_payload(Vocabulary("main", ("护照",)), (), 0)))
    worker.receive(WireMessage(MessageKind.SOUND, 1, bytes(320)))
    worker.work()
    worker.work()
    assert told == [MessageKind.HEARD, MessageKind.QUIET]
