"""Whisper through ctranslate2: waits for the end of an utterance, then reads the whole utterance.

The reading does not depend on the vocabulary. In addition, the phrases that sound most like the reading are compared
with the sound, as evidence for the decision about the caller's target.
"""

import math
import re
import time
from pathlib import Path

import ctranslate2
import numpy as np
from opencc import OpenCC
from tokenizers import Tokenizer

from ivr.garbage import keep_for_good
from ivr.speech import echo, mel
from ivr.speech.recognizer import Listener, RecognizedUtterance, Timelines, Vocabulary
from ivr.speech.recognizers.phrase_sounds import Phrases
from ivr.speech.recognizers.utterances import ReadingSteps, UtteranceListener, UtteranceReading
from ivr.speech.sound import MODEL_RATE, Samples, for_models, samples
from ivr.speech.voice_activity import VoiceDetector
from ivr.texts import _

START = ("startoftranscript", "zh", "transcribe")  # ctranslate2's align adds "notimestamps" by itself
SENTENCE_BEFORE = "以下是普通话的句子。"  # read as if said before: most readings are in simplified characters
COLUMNS = 600  # 6 s: a fifth of Whisper's 30 s costs a seventh, and reads hardly worse; less than 6 s reads far worse
_LONG = 900  # for longer utterances
_MOST = 40  # tokens of a reading; nobody says more in 8 s
_COMPARED = 3  # phrases that are compared with the sound, each in some 18 ms
_CRIES = 2  # texts with a cry for help that are compared; the third nearest was hardly ever right
_BEHIND = 75  # columns of what the encoder heard, each 20 ms, that are compared behind the end of the sound
_UNSAID = 1.5  # nats for each syllable by which a phrase is shorter than the reading, because align ignores the end
_LEAST = math.log(1e-9)  # the log probability of an almost impossible token
_NO_SPEECH = 0.9  # a higher probability of no speech means silence
_GARBLED = 0.15  # a lower score means noise, unless the sound speaks for a phrase
_SPEAKS_FOR = -5.0  # least nats of evidence with which the sound speaks for a phrase


_ENDS = re.compile(r"^\W+|\W+$")


class Whisper:
    """A Whisper model, on one core."""

    def __init__(self, folder: Path) -> None:
        """Load from a folder with model.bin, config.json, tokenizer.json and vocabulary.json."""
        self.name = folder.name
        self._model = ctranslate2.models.Whisper(str(folder), compute_type="int8", intra_threads=1, inter_threads=1)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._simplified = OpenCC("t2s").convert  # a tenth of all readings has traditional characters
        self._voices = VoiceDetector()
        self._start = [self._special(name) for name in START]
        before = [self._special("startofprev"), *self._tokens(SENTENCE_BEFORE)]
        self._prompt = [*before, *self._start, self._special("notimestamps")]
        self._known: dict[Vocabulary, Phrases] = {}
        self.read(np.zeros(MODEL_RATE, dtype=np.float32), Phrases(Vocabulary("", ())))  # the first time is slow

    def listen(
        self, vocabulary: Vocabulary, played: Timelines = (), before: Listener | None = None
    ) -> UtteranceListener:
        """Begin to listen to a caller, with the background of the earlier question's listener."""
        if vocabulary not in self._known:
            self._known[vocabulary] = Phrases(vocabulary)
            keep_for_good()
        phrases = self._known[vocabulary]
        return UtteranceListener(
            self._voices.stream(),
            lambda samples: self._steps(samples, phrases),
            phrases.is_whole,
            echo.detector(played),
            before.background if isinstance(before, UtteranceListener) else None,
        )

    def unknown(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Return no phrase, because the model can write each."""
        del vocabulary
        return ()

    def read_sample(self, sound: bytes, vocabulary: Vocabulary) -> None:
        """Read an utterance, and compare it with phrases that sound like it."""
        self.read(for_models(samples(sound)), Phrases(vocabulary))

    def read(self, samples: Samples, phrases: Phrases) -> RecognizedUtterance | None:
        """Return the utterance in ``samples`` (at `MODEL_RATE`), or None if there is no speech."""
        reading = UtteranceReading(self._steps(samples, phrases))
        while not reading.is_done:
            reading.step()
        return reading.heard

    def _steps(self, samples: Samples, phrases: Phrases) -> ReadingSteps:
        """Read in three steps: what the model hears, what it writes, and what else it may have been."""
        began = time.perf_counter()
        columns = COLUMNS if len(samples) <= COLUMNS * mel.HOP else _LONG
        picture = mel.log_mel_spectrogram(samples, columns)[None]
        sound = self._model.encode(ctranslate2.StorageView.from_array(picture))
        took = time.perf_counter() - began
        yield
        began = time.perf_counter()
        (reading,) = self._model.generate(
            sound,
            [self._prompt],
            beam_size=1,
            max_length=len(self._prompt) + _MOST,
            return_scores=True,
            return_no_speech_prob=True,
        )
        verbatim, score = self._tokenizer.decode(reading.sequences_ids[0]), math.exp(reading.scores[0])
        text = self._simplified(once(verbatim))
        if not text or reading.no_speech_prob > _NO_SPEECH:
            return None
        took += time.perf_counter() - began
        yield
        began = time.perf_counter()
        sounding = len(samples) // (2 * mel.HOP) + _BEHIND
        (phrase, evidence), (cry, cry_evidence) = self._second_opinion(np.array(sound)[:, :sounding], verbatim, phrases)
        speaks_for = (phrase and evidence >= _SPEAKS_FOR) or (cry and cry_evidence >= _SPEAKS_FOR)
        if score < _GARBLED and not speaks_for:
            return None
        took += time.perf_counter() - began
        return RecognizedUtterance(text, score, took, phrase, evidence, cry, cry_evidence)

    def _second_opinion(
        self, sound: Samples, verbatim: str, phrases: Phrases
    ) -> tuple[tuple[str, float], tuple[str, float]]:
        """Return the phrase with the most evidence, in nats above the reading; then the text with a cry for help, too.

        A phrase that sounds exactly like the reading is returned without a comparison, and without a cry, because the
        sound is as likely for both.
        """
        text = _ENDS.sub("", verbatim)  # with the punctuation within, or the reading would seem less likely than it is
        near = phrases.like(self._simplified(text), _COMPARED)
        for phrase in near:
            if phrases.sounds_as(phrase, text):
                return (phrase, 0.0), ("", 0.0)
        cries = phrases.texts_with_cry(text, _CRIES)
        evidence = self._evidence(sound, text, [*near, *cries], phrases)
        of_phrases, of_cries = evidence[: len(near)], evidence[len(near) :]
        cry, nats = max(of_cries, key=_nats, default=("", 0.0))
        return max(of_phrases, key=_nats, default=("", 0.0)), (self._simplified(cry), nats)

    def _evidence(self, sound: Samples, text: str, others: list[str], phrases: Phrases) -> list[tuple[str, float]]:
        """Return each other text with its evidence: nats by which the sound makes it likelier than ``text``."""
        if not others:
            return []
        reading, *likelihoods = self._likelihoods(sound, [text, *others])
        return [
            (other, likelihood - reading - _UNSAID * phrases.missing_syllables(other, text))
            for other, likelihood in zip(others, likelihoods, strict=True)
        ]

    def _likelihoods(self, sound: Samples, texts: list[str]) -> list[float]:
        """Return the log likelihood of each text given the sound, up to a constant."""
        aligned = self._model.align(
            ctranslate2.StorageView.from_array(np.repeat(sound, len(texts), axis=0)),
            self._start,
            [self._tokens(text) for text in texts],
            [1] * len(texts),  # of the sound, the place of each token is not wanted, and to find it takes time
            median_filter_width=1,
        )
        return [
            sum(max(math.log(max(probability, 1e-12)), _LEAST) for probability in each.text_token_probs)
            for each in aligned
        ]

    def _tokens(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _special(self, name: str) -> int:
        token = self._tokenizer.token_to_id(f"<|{name}|>")
        if token is None:
            raise ValueError(_("the tokenizer knows no {name}").format(name=name))
        return token


def _nats(evidence: tuple[str, float]) -> float:
    return evidence[1]


def once(text: str) -> str:
    """Return a text without repeated parts and outer punctuation, because Whisper may write "不对，不对，不对"."""
    parts = [part for part in re.split(r"[^\w%.-]+", text) if part]
    return "，".join(part for before, part in zip(["", *parts], parts, strict=False) if part != before)
