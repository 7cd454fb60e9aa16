"""The file that is played for a prompt, and the moment at which a changed file reaches callers."""

from pathlib import Path

import pytest

from ivr.runtime.layout import Home
from ivr.shipped import RECORDINGS
from ivr.site import prompts_in_force
from ivr.site.prompt_catalogue import catalogue


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    (folder / "zh").mkdir(parents=True)
    return folder


def put_in_force(home: Home, own: Path) -> None:
    prompts_in_force.switch(home, prompts_in_force.prepare(home, catalogue(RECORDINGS, own)))


def test_an_own_recording_replaces_the_shipped_one_in_every_rate(own: Path) -> None:
    (own / "zh" / "opening.wav").write_bytes(b"own")
    files = catalogue(RECORDINGS, own).files
    assert files["zh/opening.wav"] == own / "zh" / "opening.wav"
    assert "zh/opening.wav16" not in files, "a wideband phone would hear the shipped words"
    assert files["zh/merged-recorded.wav"] == RECORDINGS / "zh" / "merged-recorded.wav"


def test_the_words_of_shipped_recordings_are_known(own: Path) -> None:
    assert "请按1" in (catalogue(RECORDINGS, own).text("menu-main") or "")


def test_the_words_of_an_own_recording_are_those_that_were_stored_for_its_file(own: Path) -> None:
    (own / "zh" / "menu-main.wav").write_bytes(b"own")
    assert catalogue(RECORDINGS, own).text("menu-main") is None
    text = own / "prompts.yaml"
    text.write_text("prompts: {menu-main: {text: 投诉请按1。}}", encoding="utf-8")
    assert catalogue(RECORDINGS, own).text("menu-main") == "投诉请按1。"
    text.write_text("prompts: {menu-main: {text: 投诉请按1。, sha256: '0'}}", encoding="utf-8")
    assert catalogue(RECORDINGS, own).text("menu-main") is None, "these are the words of another file"


def test_the_music_on_hold_may_be_the_sites_own(own: Path) -> None:
    (own / "music").mkdir()
    (own / "music" / "hold.wav").write_bytes(b"own")
    mine = catalogue(RECORDINGS, own)
    assert mine.files["music/hold.wav"] == own / "music" / "hold.wav"
    assert mine.own_prompts == frozenset()


def test_a_file_that_is_copied_into_the_folder_reaches_no_caller_before_it_is_put_in_force(
    home: Home, own: Path
) -> None:
    put_in_force(home, own)
    (own / "zh" / "opening.wav").write_bytes(b"own")
    assert prompts_in_force.differing(home, catalogue(RECORDINGS, own)) == ("opening",)
    playing = home.prompts / "zh" / "opening.wav"
    assert playing.read_bytes() == (RECORDINGS / "zh" / "opening.wav").read_bytes()
    put_in_force(home, own)
    assert playing.read_bytes() == b"own"
    assert prompts_in_force.differing(home, catalogue(RECORDINGS, own)) == ()


def test_unchanged_recordings_are_not_copied_again_and_old_copies_are_deleted(home: Home, own: Path) -> None:
    for count in range(4):
        earlier_folder = home.prompts.resolve()
        (own / "zh" / "opening.wav").write_bytes(bytes([count]))
        put_in_force(home, own)
        if count:
            assert (home.prompts / "zh" / "merged-recorded.wav").samefile(earlier_folder / "zh" / "merged-recorded.wav")
    assert len(list(home.share.glob("prompts-*"))) == 2


def test_asterisk_never_plays_a_file_of_the_program_or_of_the_admin(home: Home, own: Path) -> None:
    (own / "zh" / "opening.wav").write_bytes(b"own")
    put_in_force(home, own)
    for name, path in catalogue(RECORDINGS, own).files.items():
        assert not (home.prompts / name).samefile(path)
