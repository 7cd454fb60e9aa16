"""`ivr check` as an admin meets it."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import ivr
from ivr.cli import check
from ivr.registry.prompts import NEEDED, recorded

HERE = Path(__file__).parent
SHIPPED = Path(ivr.__file__).parent.parent / "numbers.yaml"


@pytest.fixture(autouse=True)
def recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with every recording, and the folder around it as the current one."""
    folder = tmp_path / "recordings"
    for prompt in (*NEEDED, "menu-main"):
        path = folder / "zh" / f"{prompt}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.setattr(check, "_RECORDINGS", folder)
    monkeypatch.chdir(tmp_path)
    return folder


def ivr_check(*words: str) -> Result:
    return CliRunner().invoke(check.check, words)


def test_a_good_file_is_summed_up_in_one_line() -> None:
    shutil.copy(SHIPPED, "numbers.yaml")
    result = ivr_check()
    assert result.output == (
        "numbers.yaml: 45 numbers (26 merged, 12 dual, 6 sub-center), 9 seats, 6 groups: no problem\n"
    )
    assert result.exit_code == 0


def test_a_bad_file_is_told_whole_and_counted() -> None:
    shutil.copy(HERE / "bad" / "everything.yaml", "everything.yaml")
    result = ivr_check("everything.yaml")
    problems = (HERE / "bad" / "everything.txt").read_text(encoding="utf-8")
    assert result.output == f"{problems}everything.yaml: {len(problems.splitlines())} problems\n"
    assert result.exit_code == 1


def test_no_file_is_one_problem() -> None:
    result = ivr_check()
    assert result.output == "numbers.yaml:1:1: there is no such file\nnumbers.yaml: 1 problem\n"
    assert result.exit_code == 1


def test_a_recording_that_goes_missing_is_found(recordings: Path) -> None:
    shutil.copy(SHIPPED, "numbers.yaml")
    (recordings / "zh" / "menu-main.wav").unlink()
    result = ivr_check("numbers.yaml")
    assert ": prompt: 'menu-main' has no recording" in result.output
    assert result.exit_code == 1


def test_prompt_ids_are_paths_without_suffix(recordings: Path) -> None:
    (recordings / "zh" / "opening.wav16").touch()
    assert recorded(recordings) == {*NEEDED, "menu-main"}
    assert recorded(recordings / "nowhere") == frozenset()
