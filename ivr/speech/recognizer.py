"""The interface of a recogniser; `ivr.speech.recognizers` has the adapters."""

from dataclasses import dataclass
from typing import Protocol

RATE = 8000  # samples a second of all sound that comes in: signed, 16 bits, little-endian, mono


Timelines = tuple[tuple[str, ...], ...]
"""What may be playing while a caller is listened to: each a sequence of recordings, WAV files of `RATE`, that play one
after the other from the beginning. An echo of them is not the caller."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The phrases that a caller is expected to say at one point of a call.

    The likeliest come first: a recogniser may be told of those beforehand, and then is readier to hear them.
    """

    name: str  # a menu's name, "yes-no"
    phrases: tuple[str, ...]
    cries: frozenset[str] = frozenset()  # what is said in a cry for help, phrases or not: heard only if it was said


@dataclass(frozen=True, slots=True)
class RecognizedUtterance:
    """The recogniser's reading of one utterance, with other texts that are near to the sound.

    They may contradict each other; what the caller meant is decided from all of them, elsewhere.
    """

    text: str  # as the recogniser wrote it, with no phrase in mind
    score: float  # 0 to 1: how sure it is of the text; comparable only within one recogniser
    seconds: float  # of computing after the sound was there
    phrase: str = ""  # the vocabulary's phrase that the sound speaks for most; "" if none was compared
    evidence: float = 0.0  # nats by which the sound makes the phrase likelier than the text; mostly below 0
    cry: str = ""  # the text, with a cry for help in place of what sounds like it; "" if none was compared
    cry_evidence: float = 0.0  # nats by which the sound makes the cry likelier than the text


class Listener(Protocol):
    """Listens to one caller, for one vocabulary. Use it from one thread; each method may take a while."""

    @property
    def speaking(self) -> bool:
        """Whether the caller is in the middle of saying something."""

    def feed(self, frames: bytes) -> RecognizedUtterance | None:
        """Take in more sound, any number of whole samples at `RATE`.

        Returns:
            What was said, as soon as it is certain or the caller has stopped; None as long as nothing was. What is no
            speech (noise, music, tones) is passed over in silence.
        """


class Recognizer(Protocol):
    """A loaded model."""

    name: str  # for the call record and the bench: "whisper-base", "vosk-model-small-cn-0.22"

    def listen(self, vocabulary: Vocabulary, played: Timelines = (), before: Listener | None = None) -> Listener:
        """Begin to listen to a caller, while recordings may be playing.

        Args:
            vocabulary: what the caller may say.
            played: the recordings.
            before: what listened to the same caller at the question before, if there was one.
        """

    def unknown(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Return the phrases that the model can never hear, because it does not know their words."""

    def read_sample(self, sound: bytes, vocabulary: Vocabulary) -> None:
        """Do the work of one utterance, in order to measure its time.

        Args:
            sound: an utterance at `RATE`.
            vocabulary: phrases of which several sound like it.
        """
