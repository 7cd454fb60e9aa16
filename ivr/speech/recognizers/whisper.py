"""Whisper through ctranslate2: waits for the end of an utterance, then reads it whole, the vocabulary in mind."""

import math
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import ctranslate2
import numpy as np

from ivr.speech import mel
from ivr.speech.recognizer import Heard, Vocabulary
from ivr.speech.recognizers.phrases import Phrases, apart, syllables
from ivr.speech.recognizers.tokens import Tokens
from ivr.speech.sound import Doubler, Samples
from ivr.speech.turn import Change, Turn
from ivr.speech.voice import CHUNK, VoiceModel, VoiceStream

_TASK = ("startoftranscript", "zh", "transcribe", "notimestamps")
_COLUMNS = 600  # 6 s: a fifth of what Whisper was trained on costs a fifth, and reads short utterances better
_LONG = 900  # for what does not fit
_LEAD = 0.3  # seconds before the first chunk that was taken for speech
_LIKELY = 40  # tokens of the likeliest phrases, given for the first reading
_NEAREST = 8  # phrases that are compared with the sound, and given for the second reading
_PROMPT = 150  # tokens of them at most; Whisper can take 223, and each costs time
_LIKE = 3.3  # nats a syllable by which a phrase may be less likely than what was read, and yet be what was said
_LIKE_GRAVE = 2.0  # ... where it must not be heard unless it was said
_SOUNDS = 0.4  # how far it may sound from what was read, 0 to 1
_SOUNDS_GRAVE = 0.3
_CRIES = 8  # phrases that must not be missed, and are held against the sound whatever was read
_LIKE_A_CRY = -3.6  # nats a syllable from which one of them may have been said, and is asked about
_READ_AS_A_CRY = -4.2  # ... where it was read, too, though not for certain
_PERHAPS = 0.05  # its score
_UNLIKE = -6.0  # nats a syllable below which a phrase was not said, whatever was read
_SAME = 0.35  # how far the second reading may sound from the first, 0 to 1, where it is not sure of itself
_SURE = 0.8  # score from which it is; given a phrase, Whisper is too ready to read it
_LEAST = 1e-9  # likelihood of a token that is taken for none
_ANSWER = 40  # tokens of answer; nobody says more in 6 s
_SURE_OF_NOISE = 0.9  # likelihood of no speech above which nothing was said
_GARBLED = 0.25  # score below which noise was taken for speech


class Whisper:
    """A Whisper model, on one core.

    It reads with the likeliest phrases before it; of hundreds it could not be told all. Where it read something else,
    the phrases that sound most like that are held against the sound itself: one that explains it nearly as well is what
    was said. Where none does, as in a longer sentence, it reads again with those phrases before it. Cries for help are
    held against the sound however little they are like what was read: one that explains it at all may have been said.
    """

    def __init__(self, folder: Path, voice: Path) -> None:
        """Load from a folder with model.bin, config.json, tokenizer.json and vocabulary.json, and silero's file."""
        self.name = folder.name
        self._model = ctranslate2.models.Whisper(str(folder), compute_type="int8", intra_threads=1, inter_threads=1)
        self._tokens = Tokens(folder / "tokenizer.json")
        self._voice = VoiceModel(voice)
        self._task = [self._tokens.special(f"<|{name}|>") for name in _TASK]
        self._known: dict[Vocabulary, Phrases] = {}
        self.read(np.zeros(mel.RATE, dtype=np.float32), Phrases(Vocabulary("", ())))  # the first time is slow

    def listen(self, vocabulary: Vocabulary) -> "WhisperListener":
        """Begin to listen to a caller."""
        phrases = self._known.get(vocabulary)
        if phrases is None:
            phrases = self._known[vocabulary] = Phrases(vocabulary)
        return WhisperListener(self, self._voice.stream(), phrases)

    def unknown(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Return nothing: it can spell whatever it hears."""
        del vocabulary
        return ()

    def read(self, samples: Samples, phrases: Phrases) -> Heard | None:
        """Return what is said in ``samples`` (at 16,000 a second), or None where nothing is said."""
        began = time.perf_counter()
        columns = _COLUMNS if len(samples) <= _COLUMNS * mel.HOP else _LONG
        sound = self._model.encode(ctranslate2.StorageView.from_array(mel.picture(samples, columns)[None]))
        text, score, noise = self._answer(sound, phrases.likely, _LIKELY)
        if not text or noise > _SURE_OF_NOISE:
            return None
        if text not in phrases and (near := phrases.nearest(text, _NEAREST)):
            as_long = phrases.about_as_long(text, near)
            if as_long and (meant := _meant(self._likelihoods(sound, [text, *as_long]), text, phrases)):
                return Heard(*meant, time.perf_counter() - began)
            again, surer, _noise = self._answer(sound, near, _PROMPT)
            certain = surer >= _SURE or apart(again, text) <= _SAME
            if not (certain and again in phrases) and (cry := self._cry(sound, text, again, phrases)):
                return Heard(cry, _PERHAPS, time.perf_counter() - began)
            if certain:
                text, score = again, surer
        if not text or score < _GARBLED:
            return None
        return Heard(text, score, time.perf_counter() - began)

    def _cry(self, sound: ctranslate2.StorageView, text: str, again: str, phrases: Phrases) -> str | None:
        """Return the cry for help that explains the sound best, where any does; ``again`` was read the second time."""
        cries = phrases.nearest_grave(text, _CRIES)
        if not cries:
            return None
        like = self._likelihoods(sound, cries)
        cry = max(cries, key=lambda one: (like[one], one))
        return cry if like[cry] >= (_READ_AS_A_CRY if cry == again else _LIKE_A_CRY) else None

    def _likelihoods(self, sound: ctranslate2.StorageView, texts: Sequence[str]) -> dict[str, float]:
        """Return how well each text explains the sound: the logarithm of its likelihood, for one syllable."""
        sounds = ctranslate2.StorageView.from_array(np.repeat(np.array(sound), len(texts), axis=0))
        tokens = [self._tokens.encode(text) for text in texts]
        results = self._model.align(sounds, self._task, tokens, [sounds.shape[1]] * len(texts))
        return {
            text: sum(math.log(max(one, _LEAST)) for one in result.text_token_probs) / max(1, syllables(text))
            for text, result in zip(texts, results, strict=True)
        }

    def _answer(self, sound: ctranslate2.StorageView, expected: Sequence[str], most: int) -> tuple[str, float, float]:
        """Read encoded sound; returns the text, its score, and the likelihood that it is no speech."""
        prompt = [*self._prompt(expected, most), *self._task]
        (result,) = self._model.generate(
            sound,
            [prompt],
            beam_size=1,
            max_length=len(prompt) + _ANSWER,
            return_scores=True,
            return_no_speech_prob=True,
        )
        text = once(self._tokens.decode(result.sequences_ids[0]))
        return text, math.exp(result.scores[0]), float(result.no_speech_prob)

    def _prompt(self, phrases: Sequence[str], most: int) -> list[int]:
        """Return tokens that stand for words before the answer: of so many phrases as fit into ``most``."""
        known: list[int] = []
        for phrase in phrases:
            tokens = self._tokens.encode(f"{phrase}。")
            if len(known) + len(tokens) > most:
                break
            known += tokens
        return [self._tokens.special("<|startofprev|>"), *known] if known else []


class WhisperListener:
    """One caller."""

    def __init__(self, whisper: Whisper, voice: VoiceStream, phrases: Phrases) -> None:
        """Begin in silence."""
        self._whisper, self._voice, self._phrases = whisper, voice, phrases
        self._doubler, self._turn = Doubler(), Turn()
        self._waiting: Samples = np.zeros(0, dtype=np.float32)  # less than a chunk
        self._chunks: list[Samples] = []
        self._seen: Heard | None = None
        self._looked = False

    @property
    def speaking(self) -> bool:
        """Whether the caller is in the middle of saying something."""
        return self._turn.speaking

    def feed(self, frames: bytes) -> Heard | None:
        """Take in more sound; return what was said once the caller has paused for long enough."""
        self._waiting = np.concatenate([self._waiting, self._doubler.feed(frames)])
        heard = None
        while len(self._waiting) >= CHUNK:
            chunk, self._waiting = self._waiting[:CHUNK], self._waiting[CHUNK:]
            heard = self._chunk(chunk) or heard
        return heard

    def _chunk(self, chunk: Samples) -> Heard | None:
        if not self.speaking:
            self._chunks = self._chunks[-int(_LEAD * mel.RATE / CHUNK) :]
        self._chunks.append(chunk)
        match self._turn.feed(self._voice.likelihood(chunk)):
            case Change.PAUSES:
                self._seen, self._looked = self._read(), True
                self._turn.looked(complete=self._seen is not None and self._phrases.is_whole(self._seen.text))
            case Change.BEGINS | Change.GOES_ON:
                self._seen, self._looked = None, False
            case Change.ENDS:
                return self._seen if self._looked else self._read()
        return None

    def _read(self) -> Heard | None:
        return self._whisper.read(np.concatenate(self._chunks), self._phrases)


def _meant(like: Mapping[str, float], text: str, phrases: Phrases) -> tuple[str, float] | None:
    """Return the phrase that was said where ``text`` was read, and how likely it is against that; None for none.

    ``like`` tells how well the text explains the sound, and each phrase that is possible.
    """
    phrase = max(like.keys() - {text}, key=lambda one: (like[one], one))
    less, sounds = (_LIKE_GRAVE, _SOUNDS_GRAVE) if phrase in phrases.grave else (_LIKE, _SOUNDS)
    if like[phrase] < max(_UNLIKE, like[text] - less) or apart(phrase, text) > sounds:
        return None
    return phrase, math.exp(min(0.0, like[phrase] - like[text]))


def once(text: str) -> str:
    """Return what a text says, without punctuation at its ends, and once: Whisper likes to say "不对，不对，不对"."""
    said = [part for part in re.split(r"[^\w%.-]+", text) if part]
    return "，".join(part for before, part in zip(["", *said], said, strict=False) if part != before)
