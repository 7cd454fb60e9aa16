"""The line of the log about the recogniser at start."""

from pathlib import Path

import pytest

from ivr.speech import model_search
from ivr.speech.recognizer_availability import RecognizerAvailability, recognizer_availability


@pytest.mark.parametrize(
    ("setting", "is_found", "callers", "summary"),
    [
        ("", True, None, "callers are heard by model"),
        ("5", True, 5, "callers are heard by model"),
        ("0", False, None, "no speech, callers press keys: HOTLINE_SPEAKERS is 0"),
        ("-1", True, None, "callers are heard by model; HOTLINE_SPEAKERS is no number, and not used: '-1'"),
    ],
)
def test_an_admin_may_set_how_many_callers_speak_at_once(
    setting: str, is_found: bool, callers: int | None, summary: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_search.FoundRecognizer("vosk", Path("/x/model"))
    monkeypatch.setattr(model_search, "choose", lambda: model_search.RecognizerChoice(model, ()))
    monkeypatch.setenv("HOTLINE_SPEAKERS", setting)
    assert recognizer_availability() == RecognizerAvailability(model if is_found else None, callers, summary)


def test_without_a_recogniser_the_line_has_the_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        model_search, "choose", lambda: model_search.RecognizerChoice(None, ("vosk: no", "whisper: no"))
    )
    monkeypatch.delenv("HOTLINE_SPEAKERS", raising=False)
    assert recognizer_availability() == RecognizerAvailability(
        None, None, "no speech, callers press keys: vosk: no; whisper: no"
    )
