"""The desk writes all files of a change into the site folder, or none; without the right it says what to do."""

import os
import tempfile
from pathlib import Path

import pytest

from ivr.editing.site_files import SiteClosed, SiteFiles

NOBODY = 65534


@pytest.fixture
def files(tmp_path: Path) -> SiteFiles:
    numbers = tmp_path / "numbers.yaml"
    numbers.write_text("old", encoding="utf-8")
    numbers.chmod(0o640)
    (tmp_path / "recordings" / "zh").mkdir(parents=True)
    for name in ("kept", "gone"):
        (tmp_path / "recordings" / "zh" / f"{name}.wav").write_bytes(name.encode())
    return SiteFiles(numbers)


def draft_of(files: SiteFiles) -> Path:
    """Recordings of a draft: one unchanged, one new, one removed."""
    draft = files.numbers.parent / "draft"
    (draft / "zh" / "phone").mkdir(parents=True)
    (draft / "zh" / "kept.wav").write_bytes(b"kept")
    (draft / "zh" / "phone" / "1.wav").write_bytes(b"new")
    return draft


def names(files: SiteFiles) -> set[str]:
    return {path.relative_to(files.recordings).as_posix() for path in files.recordings.rglob("*") if path.is_file()}


def test_no_site_file_is_replaced_before_the_commit(files: SiteFiles) -> None:
    prepared = files.prepare("new", draft_of(files))
    assert files.text() == "old"
    prepared.commit()
    prepared.discard()
    assert files.text() == "new"
    assert names(files) == {"zh/kept.wav", "zh/phone/1.wav"}
    assert files.numbers.stat().st_mode & 0o777 == 0o640, "the permissions of the file changed"


def test_a_refused_change_leaves_the_files_as_they_were(files: SiteFiles) -> None:
    files.prepare("new", draft_of(files)).discard()
    assert files.text() == "old"
    assert names(files) == {"zh/kept.wav", "zh/gone.wav"}
    assert not list(files.numbers.parent.glob("*.new"))


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to become another user")
def test_without_the_right_to_write_the_error_names_the_command_that_gives_it() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        numbers = Path(folder) / "numbers.yaml"
        numbers.write_text("old", encoding="utf-8")
        assert f"chown -R nobody {folder}" in refusal_to_another_user(SiteFiles(numbers))
        assert numbers.read_text(encoding="utf-8") == "old"


def refusal_to_another_user(files: SiteFiles) -> str:
    """Return the error that a process of another user gets."""
    read_end, write_end = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.setresuid(NOBODY, NOBODY, NOBODY)
            files.prepare("new", None)
        except SiteClosed as closed:
            os.write(write_end, str(closed).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(write_end)
    refusal = os.read(read_end, 4096).decode()
    os.close(read_end)
    return refusal
