"""`ivr check`, as an admin runs it."""

import importlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result

import ivr
from ivr.cli import check, kept_warnings
from ivr.registry.prompts import recorded
from ivr.site import candidate

HERE = Path(__file__).parent
ROOT = Path(ivr.__file__).parent.parent
SHIPPED = ROOT / "numbers.yaml"


@pytest.fixture(autouse=True)
def recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the shipped recordings, and beside it an empty folder as the current one."""
    folder = tmp_path / "shipped"
    shutil.copytree(ROOT / "recordings", folder, copy_function=lambda source, target: Path(target).symlink_to(source))
    monkeypatch.setattr(candidate, "RECORDINGS", folder)
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path / "site")
    return folder


def ivr_check(*words: str) -> Result:
    return CliRunner().invoke(check.check, words)


def test_a_good_file_is_summed_up_in_one_line() -> None:
    shutil.copy(SHIPPED, "numbers.yaml")
    result = ivr_check()
    assert result.output == (
        "numbers.yaml: no problem; numbers: 45 (merged: 26, dual: 12, sub-center: 6), seats: 9, groups: 6\n"
    )
    assert result.exit_code == 0


def test_all_problems_of_a_bad_file_are_listed_and_counted() -> None:
    shutil.copy(HERE / "bad" / "everything.yaml", "everything.yaml")
    result = ivr_check("everything.yaml")
    problems = (HERE / "bad" / "everything.txt").read_text(encoding="utf-8")
    assert result.output == f"{problems}everything.yaml: problems: {len(problems.splitlines())}\n"
    assert result.exit_code == 1


def test_a_missing_file_is_one_problem() -> None:
    result = ivr_check()
    assert result.output == "numbers.yaml:1:1: there is no such file\nnumbers.yaml: problems: 1\n"
    assert result.exit_code == 1


def test_a_recording_that_goes_missing_is_found(recordings: Path) -> None:
    shutil.copy(SHIPPED, "numbers.yaml")
    (recordings / "zh" / "menu-main.wav").unlink()
    result = ivr_check("numbers.yaml")
    assert ": prompt: 'menu-main' has no recording" in result.output
    assert result.exit_code == 1


def test_a_key_that_the_prompt_does_not_name_is_a_warning() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    changed = text.replace(
        '{ key: "0", group: general', '{ key: "4", line: "12329", topic: 公积金 }\n      - { key: "0", group: general'
    )
    Path("numbers.yaml").write_text(changed, encoding="utf-8")
    result = ivr_check()
    line = next(at for at, text in enumerate(changed.splitlines(), 1) if text == "  main:")
    assert (
        f"numbers.yaml:{line}:3: menu main: callers do not hear of these keys: 4; the recording menu-main says "
        in result.output
    )
    assert result.output.count("(a warning)") == 1
    assert result.exit_code == 0


def test_two_lines_that_sound_alike_are_a_warning_with_the_question_that_callers_are_asked() -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace("phrases: [公积金提取, ", "phrases: [医宝, 公积金提取, ")
    Path("numbers.yaml").write_text(text, encoding="utf-8")
    result = ivr_check()
    assert "医保 (12393) sounds like 医宝 (12329); the caller is asked: 请问您要办的是哪一项？" in result.output
    assert result.output.count("(a warning)") == 1
    assert result.exit_code == 0


class TestKeptWarnings:
    """The warnings about lines that sound alike are kept until a name, a phrase or a prompt changes."""

    ALIKE = SHIPPED.read_text(encoding="utf-8").replace("phrases: [公积金提取, ", "phrases: [医宝, 公积金提取, ")

    @pytest.fixture
    def looked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
        """Return the modules that a check loaded late, in a test with a cache of its own."""
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        loads: list[str] = []

        def loaded(module: str) -> ModuleType:
            loads.append(module)
            return importlib.import_module(module)

        monkeypatch.setattr(kept_warnings, "loaded", loaded)
        yield loads

    def test_kept_warnings_are_not_computed_again_and_name_the_present_line(self, looked: list[str]) -> None:
        for text, loads in ((self.ALIKE, 1), ("# moved by a line\n" + self.ALIKE, 1)):
            Path("numbers.yaml").write_text(text, encoding="utf-8")
            line = next(at for at, text_line in enumerate(text.splitlines(), 1) if '"12393"' in text_line)
            assert f"numbers.yaml:{line}:5: 医保 (12393) sounds like 医宝 (12329)" in ivr_check().output
            assert len(looked) == loads

    def test_after_a_changed_phrase_the_warnings_are_computed_again(self, looked: list[str]) -> None:
        Path("numbers.yaml").write_text(self.ALIKE, encoding="utf-8")
        ivr_check()
        Path("numbers.yaml").write_text(self.ALIKE.replace("医宝", "工伤认定办理"), encoding="utf-8")
        assert "sounds like" not in ivr_check().output
        assert len(looked) == 2

    def test_with_a_damaged_cache_the_warnings_are_computed_again(self, looked: list[str], tmp_path: Path) -> None:
        Path("numbers.yaml").write_text(self.ALIKE, encoding="utf-8")
        whole = ivr_check().output
        (cached,) = (tmp_path / "cache").rglob("*.json")
        for times, damage in enumerate(("", "[]", '{"of": 1}', '{"of": "x", "warnings": [1]}'), start=2):
            cached.write_text(damage, encoding="utf-8")
            assert ivr_check().output == whole
            assert len(looked) == times, damage


class TestOwnRecordings:
    """The admin's files in the folder ``recordings`` beside numbers.yaml."""

    @pytest.fixture(autouse=True)
    def own(self) -> Path:
        shutil.copy(SHIPPED, "numbers.yaml")
        folder = Path("recordings", "zh")
        folder.mkdir(parents=True)
        return folder

    def test_a_file_without_words_is_a_warning(self, own: Path) -> None:
        shutil.copy(ROOT / "recordings" / "zh" / "rate.wav", own / "menu-main.wav")
        result = ivr_check()
        assert "menu main: the words of the recording menu-main are not known" in result.output
        assert result.exit_code == 0

    def test_a_file_whose_words_name_other_keys_is_a_warning(self, own: Path) -> None:
        shutil.copy(ROOT / "recordings" / "zh" / "rate.wav", own / "menu-main.wav")
        Path("recordings", "prompts.yaml").write_text(
            "prompts: {menu-main: {text: 投诉请按1；转人工请按0。}}", encoding="utf-8"
        )
        result = ivr_check()
        assert "menu main: callers do not hear of these keys: 2, 3, 9, *;" in result.output
        assert result.exit_code == 0

    def test_a_file_that_no_call_plays_is_a_warning_with_the_nearest_name(self, own: Path) -> None:
        shutil.copy(ROOT / "recordings" / "zh" / "rate.wav", own / "menu-mian.wav")
        result = ivr_check()
        assert "no call plays a prompt of the name 'menu-mian'; did you mean 'menu-main'? (a warning)" in result.output
        assert result.exit_code == 0

    def test_a_file_that_asterisk_cannot_play_is_a_problem(self, own: Path) -> None:
        (own / "menu-main.wav").write_bytes(b"no sound")
        result = ivr_check()
        assert "menu-main.wav: is no PCM WAV file" in result.output
        assert result.exit_code == 1


def test_prompt_ids_are_paths_without_suffix(tmp_path: Path) -> None:
    for name in ("zh/phone/1.wav", "zh/opening.wav", "zh/opening.wav16", "music/hold.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert recorded(tmp_path) == {"phone/1", "opening"}
    assert recorded(tmp_path / "nowhere") == frozenset()
