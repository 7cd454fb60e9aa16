"""The decoder beside ctranslate2's own, with weights of 32 bits: for the same sound, the same likelihoods."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("ctranslate2")
pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

import ctranslate2

from ivr.speech import find, mel
from ivr.speech.recognizers.decoder import Decoder
from ivr.speech.recognizers.tokens import Tokens
from ivr.speech.sound import for_models, samples
from tests.speech.listening import ALONE, Sound, said_by, silence, voice

FOLDER = find.speech_folder() / find.WHISPER_MODEL
pytestmark = [pytest.mark.skipif(not FOLDER.exists(), reason="no model: ivr speech install"), ALONE]

PHRASES = ("护照", "护照丢了", "户口", "路灯不亮", "公积金提取", "公积金", "着火了", "没错")
SOUNDS = {
    "护照": voice("huzhao"),
    "路灯不亮": voice("ludeng-bu-liang"),
    "公积金提取": voice("gongjijin-tiqu"),
    "黑网吧": said_by("zm_yunxia", "黑网吧"),
    "": silence(1),
}
MOST = 40
LEAST = -20.0  # of a token that ctranslate2 takes for impossible


class Both:
    """One model, as ctranslate2 decodes and as we do."""

    def __init__(self) -> None:
        self.tokens = Tokens(FOLDER / "tokenizer.json")
        special = self.tokens.special
        self.task = [special(f"<|{name}|>") for name in ("startoftranscript", "zh", "transcribe", "notimestamps")]
        self.start = [special("<|startofprev|>"), *self.tokens.encode("护照。路灯不亮。公积金提取。")]
        self.theirs = ctranslate2.models.Whisper(str(FOLDER), compute_type="float32", intra_threads=1)
        self.ours = Decoder(FOLDER, special("<|endoftext|>"), special("<|nospeech|>"))

    def encoded(self, sound: Sound) -> ctranslate2.StorageView:
        picture = mel.picture(for_models(samples(sound.astype("<i2").tobytes())), 600)
        return self.theirs.encode(ctranslate2.StorageView.from_array(picture[None]))

    def likelihoods(self, encoded: ctranslate2.StorageView, *phrases: str) -> list[list[float]]:
        texts = [self.tokens.encode(phrase) for phrase in phrases]
        found = self.ours.likelihoods(self.ours.look_up(np.array(encoded)[0]), self.task, texts)
        return [[float(one) for one in each] for each in found]


@pytest.fixture(scope="module")
def both() -> Both:
    return Both()


@pytest.mark.parametrize("said", SOUNDS)
def test_a_sound_makes_phrases_as_likely_as_by_ctranslate2(both: Both, said: str) -> None:
    encoded = both.encoded(SOUNDS[said])
    apart = []
    for phrase, ours in zip(PHRASES, both.likelihoods(encoded, *PHRASES), strict=True):
        tokens = both.tokens.encode(phrase)
        (theirs,) = both.theirs.align(encoded, both.task, [tokens], [300])
        apart.append(np.mean(np.maximum(ours, LEAST) - np.log(np.maximum(theirs.text_token_probs, np.exp(LEAST)))))
        assert abs(apart[-1]) < 0.75, f"{phrase}, in nats a token"
    assert abs(np.mean(apart)) < 0.2, "neither more nor less"


def test_a_phrase_is_as_likely_in_company_as_alone(both: Both) -> None:
    encoded = both.encoded(SOUNDS["护照"])
    together = both.likelihoods(encoded, *PHRASES)
    for phrase, ours in zip(PHRASES, together, strict=True):
        assert ours == pytest.approx(both.likelihoods(encoded, phrase)[0], abs=0.5), phrase


@pytest.mark.parametrize("expecting", [False, True])
@pytest.mark.parametrize(
    "said", [said for said in SOUNDS if said != "公积金提取"]
)  # two readings of it are as likely as each other
def test_what_is_read_is_what_ctranslate2_reads(both: Both, said: str, expecting: bool) -> None:
    encoded = both.encoded(SOUNDS[said])
    start = both.start if expecting else []
    ours = both.ours.read(both.ours.look_up(np.array(encoded)[0]), start, both.task, MOST)
    prompt = [*start, *both.task]
    (theirs,) = both.theirs.generate(
        encoded,
        [prompt],
        beam_size=1,
        max_length=len(prompt) + MOST,
        return_scores=True,
        return_no_speech_prob=True,
    )
    assert ours.no_speech == pytest.approx(theirs.no_speech_prob, abs=0.1)
    if said:
        assert both.tokens.decode(ours.tokens) == both.tokens.decode(theirs.sequences_ids[0])
        assert ours.likelihood == pytest.approx(np.exp(theirs.scores[0]), abs=0.1)
    else:
        assert ours.no_speech > 0.5


def test_no_more_is_read_than_was_asked_for(both: Both) -> None:
    sound = both.ours.look_up(np.array(both.encoded(SOUNDS["公积金提取"]))[0])
    assert len(both.ours.read(sound, [], both.task, 2).tokens) == 2


@pytest.mark.parametrize("where", ["suppress_ids", "suppress_ids_begin"])
def test_what_the_model_says_is_never_said_is_never_read(both: Both, tmp_path: Path, where: str) -> None:
    sound = both.ours.look_up(np.array(both.encoded(SOUNDS["护照"]))[0])
    first, *_others = both.ours.read(sound, [], both.task, MOST).tokens
    config = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))
    (tmp_path / "model.bin").symlink_to(FOLDER / "model.bin")
    (tmp_path / "config.json").write_text(json.dumps({**config, where: [*config[where], first]}), encoding="utf-8")
    special = both.tokens.special
    strict = Decoder(tmp_path, special("<|endoftext|>"), special("<|nospeech|>"))
    assert strict.read(sound, [], both.task, MOST).tokens[0] != first
