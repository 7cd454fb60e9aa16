"""Whisper through ctranslate2: waits for the end of an utterance, then reads it whole, the vocabulary in mind.

ctranslate2 makes of a sound what a decoder reads; `decoder` says why that one is not ctranslate2's.
"""

import math
import re
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import numpy as np

from ivr.speech import mel
from ivr.speech.recognizer import Heard, Vocabulary
from ivr.speech.recognizers.decoder import Decoder, LookedUp
from ivr.speech.recognizers.evidence import Evidence
from ivr.speech.recognizers.phrases import Phrases, apart, syllables
from ivr.speech.recognizers.tokens import Tokens
from ivr.speech.recognizers.utterances import UtteranceListener
from ivr.speech.sound import MODEL_RATE, Samples
from ivr.speech.voice_activity import VoiceDetector

_TASK = ("startoftranscript", "zh", "transcribe", "notimestamps")
_COLUMNS = 600  # 6 s: a fifth of what Whisper was trained on costs a fifth, and reads short utterances better
_LONG = 900  # for what does not fit
_LIKELY = 40  # tokens of the likeliest phrases, given for the first reading
_NEAREST = 8  # phrases given for the second reading
_PROMPT = 150  # tokens of them at most; Whisper can take 223, and each costs time
_STAGES = ((4, 1.0), (12, 0.5), (24, 0.0))  # so many of the nearest phrases, and the evidence that is enough for one
_SHORT = 2  # syllables of a text that tells too little of what was said: any phrase that is no longer may have been
_FAR = 0.15  # evidence that is enough for such a phrase
_ALIKE = 0.35  # how far a phrase may sound from what was read, 0 to 1, for less evidence to be enough
_LITTLE = -1.0  # ... that much
_WEAK = 0.5  # evidence below which a cry for help may have been said instead
_GRAVE = 1.0  # evidence that is enough for what must not be heard unless it was said
_PERHAPS_GRAVE = -0.5  # ... for asking whether it was said
_CRIES = 8  # phrases that must not be missed, and are held against the sound whatever was read
_PERHAPS = 0.05  # score of what is asked about
_SAME = 0.35  # how far the second reading may sound from the first, 0 to 1, where it is not sure of itself
_PATIENCE = 1.0  # seconds of reading after which nothing is read again: this machine has too much to do
_SURE = 0.8  # score from which it is; given a phrase, Whisper is too ready to read it
_AT_ONCE = 16  # phrases that are prepared in one go: some 50 ms
_ANSWER = 40  # tokens of answer; nobody says more in 6 s
_SURE_OF_NOISE = 0.9  # likelihood of no speech above which nothing was said
_GARBLED = 0.25  # score below which noise was taken for speech


class Whisper:
    """A Whisper model, on one core.

    It reads with the likeliest phrases before it; of hundreds it could not be told all. Where it read something else,
    the phrases that sound most like that are held against the sound itself: the one that it speaks for most is what was
    said, if it speaks for it clearly enough. Where it speaks for none, as in a longer sentence, it is read again with
    those phrases before it, and those nearest to this reading are held against it. Cries for help are held against it
    however little they are like what was read: of one that it hardly speaks against, the caller is asked.
    """

    def __init__(self, folder: Path) -> None:
        """Load from a folder with model.bin, config.json, tokenizer.json and vocabulary.json."""
        self.name = folder.name
        self._model = ctranslate2.models.Whisper(str(folder), compute_type="int8", intra_threads=1, inter_threads=1)
        self._tokens = Tokens(folder / "tokenizer.json")
        self._voices = VoiceDetector()
        self._task = [self._tokens.special(f"<|{name}|>") for name in _TASK]
        end, no_speech = (self._tokens.special(f"<|{name}|>") for name in ("endoftext", "nospeech"))
        self._decoder = Decoder(folder, end, no_speech)
        silence = self._encode(np.zeros(MODEL_RATE, dtype=np.float32), _COLUMNS)
        self._evidence = Evidence(self._decoder, self._tokens, self._task, silence)
        self._known: dict[Vocabulary, Phrases] = {}
        self._ahead: deque[str] = deque()  # phrases that nothing is expected of yet
        self.read(np.zeros(MODEL_RATE, dtype=np.float32), Phrases(Vocabulary("", ())))  # the first time is slow

    def listen(self, vocabulary: Vocabulary) -> UtteranceListener:
        """Begin to listen to a caller."""
        phrases = self._known.get(vocabulary)
        if phrases is None:
            phrases = self._known[vocabulary] = Phrases(vocabulary)
            self._ahead.extend(self._evidence.unexpected(vocabulary.phrases))
        return UtteranceListener(self._voices.stream(), lambda samples: self.read(samples, phrases), phrases.is_whole)

    def unknown(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Return nothing: it can spell whatever it hears."""
        del vocabulary
        return ()

    def prepare(self) -> bool:
        """Weigh some phrases against silence, the likeliest first, as long as there are any."""
        self._evidence.expect([self._ahead.popleft() for _ in range(min(_AT_ONCE, len(self._ahead)))])
        return bool(self._ahead)

    def read(self, samples: Samples, phrases: Phrases) -> Heard | None:
        """Return what is said in ``samples`` (at `MODEL_RATE`), or None where nothing is said."""
        began = time.perf_counter()
        columns = _COLUMNS if len(samples) <= _COLUMNS * mel.HOP else _LONG
        sound = self._encode(samples, columns)
        text, score, noise = self._answer(sound, phrases.likely, _LIKELY)
        if not text or noise > _SURE_OF_NOISE:
            return None
        said = self._meant(sound, text, score, phrases, until=began + _PATIENCE)
        return Heard(*said, time.perf_counter() - began) if said else None

    def _meant(
        self, sound: LookedUp, text: str, score: float, phrases: Phrases, until: float
    ) -> tuple[str, float] | None:
        """Return what was said where ``text`` was read first, and how sure that is; None for what is no words.

        Nothing is read again once ``until`` is over.
        """
        weighed: dict[str, float] = {}
        found, again, surer = self._weigh(sound, text, phrases, weighed), "", 0.0
        if not found and time.perf_counter() < until:
            again, surer, _noise = self._answer(sound, phrases.nearest(text, _NEAREST), _PROMPT)
            found = self._weigh(sound, again, phrases, weighed) if again else None
        if found and (found[0] in phrases.grave or weighed[found[0]] >= _WEAK):
            return found
        cry = self._cry(sound, text, phrases, weighed)
        if cry and (not found or weighed[cry] > weighed[found[0]]):
            return cry, _PERHAPS
        if found:
            return found
        if again and again not in phrases and (surer >= _SURE or apart(again, text) <= _SAME):
            text, score = again, surer
        return (text, score) if score >= _GARBLED and text not in phrases else None

    def _weigh(
        self, sound: LookedUp, text: str, phrases: Phrases, weighed: dict[str, float]
    ) -> tuple[str, float] | None:
        """Return the phrase near to what was read that the sound speaks for, and how sure it is, where there is one.

        The evidence for each is added to ``weighed``.
        """
        near = [text] if text in phrases else phrases.nearest(text, _STAGES[-1][0])
        if not near:
            return None
        for count, enough in _STAGES:
            best = self._best(sound, near[:count], text, weighed)
            grave = best in phrases.grave
            if weighed[best] >= (max(_GRAVE, enough) if grave else enough):
                return best, _score(weighed[best])
        if not grave and weighed[best] >= _LITTLE and apart(best, text) <= _ALIKE:
            return best, _score(weighed[best])
        if text not in phrases and syllables(text) <= _SHORT:
            best = self._best(sound, [*near, *phrases.up_to(_SHORT)], text, weighed)
            if weighed[best] >= (_GRAVE if best in phrases.grave else _FAR):
                return best, _score(weighed[best])
        return None

    def _best(self, sound: LookedUp, among: Sequence[str], text: str, weighed: dict[str, float]) -> str:
        """Return the phrase that the sound speaks for most; the evidence for each is added to ``weighed``."""
        self._hold(sound, among, text, weighed)
        return max(among, key=lambda phrase: (weighed[phrase], phrase))

    def _hold(self, sound: LookedUp, phrases: Sequence[str], text: str, weighed: dict[str, float]) -> None:
        """Add to ``weighed`` the evidence for those phrases that are not in it."""
        weighed |= self._evidence.of(sound, [phrase for phrase in phrases if phrase not in weighed], syllables(text))

    def _cry(self, sound: LookedUp, text: str, phrases: Phrases, weighed: dict[str, float]) -> str | None:
        """Return the cry for help that the sound speaks for most, where it hardly speaks against it."""
        self._hold(sound, phrases.nearest_grave(text, _CRIES), text, weighed)
        best = max(phrases.grave & weighed.keys(), key=lambda cry: (weighed[cry], cry), default=None)
        return best if best is not None and weighed[best] >= _PERHAPS_GRAVE else None

    def _encode(self, samples: Samples, columns: int) -> LookedUp:
        """Make of a sound what is read, silence following up to ``columns``."""
        encoded = self._model.encode(ctranslate2.StorageView.from_array(mel.picture(samples, columns)[None]))
        return self._decoder.look_up(np.array(encoded)[0])

    def _answer(self, sound: LookedUp, expected: Sequence[str], most: int) -> tuple[str, float, float]:
        """Read a sound; returns the text, its score, and the likelihood that it is no speech."""
        reading = self._decoder.read(sound, self._prompt(expected, most), self._task, _ANSWER)
        return once(self._tokens.decode(reading.tokens)), reading.likelihood, reading.no_speech

    def _prompt(self, phrases: Sequence[str], most: int) -> list[int]:
        """Return tokens that stand for words before the answer: of so many phrases as fit into ``most``."""
        known: list[int] = []
        for phrase in phrases:
            tokens = self._tokens.encode(f"{phrase}。")
            if len(known) + len(tokens) > most:
                break
            known += tokens
        return [self._tokens.special("<|startofprev|>"), *known] if known else []


def _score(evidence: float) -> float:
    """Return how sure evidence makes, 0 to 1."""
    return 1 / (1 + math.exp(-evidence))


def once(text: str) -> str:
    """Return what a text says, without punctuation at its ends, and once: Whisper likes to say "不对，不对，不对"."""
    said = [part for part in re.split(r"[^\w%.-]+", text) if part]
    return "，".join(part for before, part in zip(["", *said], said, strict=False) if part != before)
