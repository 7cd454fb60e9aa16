"""``ivr speech check`` names the recogniser that will run, and the phrases that it can never hear."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli import speech as cli
from ivr.cli.speech import speech
from ivr.speech import model_search
from ivr.speech.recognizer import Listener, Vocabulary
from testkit.hotline.running import ROOT

FOUND = model_search.FoundRecognizer("vosk", Path("/models/vosk-model-small-cn-0.22"))


class Model:
    """A model that knows no provident fund."""

    name = "vosk-model-small-cn-0.22"

    def listen(self, vocabulary: Vocabulary) -> Listener:
        raise NotImplementedError

    def unknown(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        return tuple(phrase for phrase in vocabulary.phrases if "公积金" in phrase)

    def read_sample(self, sound: bytes, vocabulary: Vocabulary) -> None:
        assert sound and vocabulary.phrases


def check(monkeypatch: pytest.MonkeyPatch, found: model_search.FoundRecognizer | None) -> Result:
    monkeypatch.setattr(model_search, "choose", lambda: model_search.RecognizerChoice(found, ("the reason",)))
    monkeypatch.setattr(model_search, "load", lambda _found: Model())
    return CliRunner().invoke(speech, ["check", "--numbers", str(ROOT / "numbers.yaml")])


def test_each_phrase_that_the_model_cannot_hear_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    done = check(monkeypatch, FOUND)
    assert done.exit_code == 0
    assert done.stderr == "the reason\n"
    first, main, *unknown, yes_no, rating, reads = done.stdout.splitlines()
    assert first == "callers are heard by vosk-model-small-cn-0.22"
    assert main.endswith(f"{len(unknown)} of them unknown to the model")
    assert {"  公积金提取", "  住房公积金"} <= set(unknown)
    assert yes_no.endswith(" 0 of them unknown to the model")
    assert rating.endswith(" 0 of them unknown to the model")
    assert reads == "vosk-model-small-cn-0.22 reads an utterance in 0.00 s"


def test_a_recogniser_that_is_too_slow_for_calls_is_reported_with_its_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "best_reading_time", lambda _recognizer: 1.3)
    done = check(monkeypatch, FOUND)
    assert done.exit_code == 1
    last = done.stderr.splitlines()[-1]
    assert "too slow for calls on this machine, callers press keys" in last
    assert "reads an utterance in 1.30 s, and 1.25 s is the most → give the hotline faster cores" in last


def test_without_a_recogniser_check_prints_the_reasons_and_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    done = check(monkeypatch, None)
    assert done.exit_code == 1
    assert done.stderr == "the reason\ncallers can only press keys; run: ivr speech install\n"


def test_a_model_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_found: model_search.FoundRecognizer) -> Model:
        raise model_search.ModelUnusable("/models/x cannot be loaded: it is damaged")

    monkeypatch.setattr(model_search, "choose", lambda: model_search.RecognizerChoice(FOUND, ()))
    monkeypatch.setattr(model_search, "load", load)
    done = CliRunner().invoke(speech, ["check", "--numbers", str(ROOT / "numbers.yaml")])
    assert done.exit_code == 1
    assert done.stderr == "/models/x cannot be loaded: it is damaged; callers can only press keys\n"


def phrases(*arguments: str) -> Result:
    return CliRunner().invoke(speech, ["phrases", *arguments, "--numbers", str(ROOT / "numbers.yaml")])


def test_all_words_that_lead_to_a_line_are_listed() -> None:
    done = phrases("12315")
    assert done.exit_code == 0
    title, *lines = done.stdout.splitlines()
    assert title == "12315 12315市场监管投诉举报热线"
    listed = dict(zip(lines[::2], lines[1::2], strict=True))
    assert "买到假货" in listed["phrases:"]
    assert "市监局" in listed["names of the unit:"] + listed["names:"]
    assert "健身卡" in listed["matters, by meaning too:"]
    assert "预付卡 (12312)" in listed["asked about, with other lines:"]


def test_a_number_to_which_no_words_lead_is_reported() -> None:
    done = phrases("12345")
    assert done.exit_code == 1
    assert done.stderr == "no words of a caller lead to 12345\n"
