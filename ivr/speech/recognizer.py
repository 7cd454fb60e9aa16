"""The interface of a recogniser; `ivr.speech.recognizers` has the adapters."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

RATE = 8000  # samples a second of all sound that comes in: signed, 16 bits, little-endian, mono


Timelines = tuple[tuple[str, ...], ...]
"""The prompts that may play during a recognition. Each timeline is a sequence of recordings, WAV files of `RATE`, that
play one after the other. Their echo is not the caller's speech."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The phrases that a caller is expected to say at one point of a call.

    The likeliest phrases come first, because a recogniser may prefer the first phrases.
    """

    name: str  # a menu's name, "yes-no"
    phrases: tuple[str, ...]
    cries: frozenset[str] = frozenset()  # the phrases of cries for help; they need not be among `phrases`


@dataclass(frozen=True, slots=True)
class RecognizedUtterance:
    """The recogniser's reading of one utterance, with other texts that sound like it.

    The texts may contradict each other; `ivr.intents` decides from all of them.
    """

    text: str  # the reading, made without the vocabulary
    score: float  # 0 to 1: how sure the recogniser is of the text; comparable only within one recogniser
    seconds: float  # of computing after the end of the sound
    phrase: str = ""  # the vocabulary's phrase that the sound speaks for most; "" if none was compared
    evidence: float = 0.0  # nats by which the sound makes the phrase likelier than the text; mostly below 0
    cry: str = ""  # the text with a cry for help in place of a stretch that sounds like it; "" if none was compared
    cry_evidence: float = 0.0  # nats by which the sound makes the cry likelier than the text


class ListenerWork(Enum):
    """The work that a listener has left, beside taking in more sound."""

    NONE = auto()
    EARLY = auto()  # an utterance is read that may still go on; more sound may make that needless
    DUE = auto()  # the caller has stopped, and waits


class Listener(Protocol):
    """Listens to one caller, for one vocabulary. Use it from one thread; each method may take a while."""

    @property
    def work(self) -> ListenerWork:
        """The work that is left."""

    @property
    def speaking(self) -> bool:
        """Whether the caller is in the middle of saying something."""

    def feed(self, frames: bytes) -> RecognizedUtterance | None:
        """Take in more sound, any number of whole samples at `RATE`.

        Returns:
            The utterance, when it is certain or the caller has stopped and no work is due; None before. Noise, music
            and tones give None.
        """

    def step(self) -> RecognizedUtterance | None:
        """Do a piece of the work that is left, after all sound that has come; return the utterance if it is ready."""


class Recognizer(Protocol):
    """A loaded model."""

    name: str  # for the call record and the bench: "whisper-base", "vosk-model-small-cn-0.22"

    def listen(self, vocabulary: Vocabulary, played: Timelines = (), before: Listener | None = None) -> Listener:
        """Begin to listen to a caller, while recordings may be playing.

        Args:
            vocabulary: what the caller may say.
            played: the recordings.
            before: the listener of the same caller's earlier question, if there was one.
        """

    def unknown(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Return the phrases that the model can never hear, because it does not know their words."""

    def read_sample(self, sound: bytes, vocabulary: Vocabulary) -> None:
        """Process one utterance, so that its time can be measured.

        Args:
            sound: an utterance at `RATE`.
            vocabulary: phrases of which several sound like it.
        """
