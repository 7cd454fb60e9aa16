"""Each bad registry is refused with exactly the messages in the file beside it: all problems at once, in file order."""

from pathlib import Path

import pytest

from ivr.registry.load import load, read
from ivr.registry.problems import RegistryError
from ivr.registry.prompts import NEEDED

HERE = Path(__file__).parent
PROMPTS = {*NEEDED, "menu-main"}
GOOD = (HERE / "good" / "small.yaml").read_text(encoding="utf-8")


def refused(text: str, prompts: set[str] = PROMPTS) -> list[str]:
    with pytest.raises(RegistryError) as caught:
        load(text, "x.yaml", prompts)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("path", sorted((HERE / "bad").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_bad_registry_is_refused_with_its_text(path: Path) -> None:
    with pytest.raises(RegistryError) as caught:
        load(path.read_text(encoding="utf-8"), path.name, PROMPTS)
    expected = path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert [str(problem) for problem in caught.value.problems] == expected
    assert str(caught.value).splitlines() == expected


def test_no_value_of_a_secret_is_ever_shown() -> None:
    secrets = (HERE / "bad" / "secrets.txt").read_text(encoding="utf-8")
    assert secrets
    assert "hunter2" not in secrets
    assert "1234" not in secrets


@pytest.mark.parametrize("prompt", sorted(NEEDED))
def test_a_prompt_that_every_hotline_needs_must_be_recorded(prompt: str) -> None:
    assert refused(GOOD, PROMPTS - {prompt}) == [
        f"x.yaml:2:1: the prompt {prompt}, which every hotline needs, has no recording: recordings/zh/{prompt}.wav"
    ]


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    assert refused("# " + "x" * 1024 * 1024) == ["x.yaml:1:1: the file is larger than 1024 KiB: this is not a registry"]


def test_places_count_characters_whatever_the_line_ends_are() -> None:
    bad = GOOD.replace("mode: hotline", "mode: hotlin")
    place = "x.yaml:4:65: mode: 'hotlin' is not a mode; did you mean 'hotline'?"
    assert refused(bad) == refused(bad.replace("\n", "\r\n")) == refused(bad.replace("\n", "\r")) == [place]
    assert refused("\ufeff" + bad) == [place]


def test_a_missing_file_is_a_problem_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "numbers.yaml"
    with pytest.raises(RegistryError) as caught:
        read(path, PROMPTS)
    assert str(caught.value) == f"{path}:1:1: there is no such file"
    with pytest.raises(RegistryError) as caught:
        read(tmp_path, PROMPTS)
    assert str(caught.value) == f"{tmp_path}:1:1: this is not a file"


def test_a_file_in_another_encoding_is_refused_at_the_first_wrong_byte(tmp_path: Path) -> None:
    path = tmp_path / "numbers.yaml"
    path.write_bytes(b"city:\n  name: " + "郴州市".encode("gbk"))
    with pytest.raises(RegistryError) as caught:
        read(path, PROMPTS)
    assert (
        str(caught.value)
        == f"{path}:2:9: this is not UTF-8 text: save the file in the encoding UTF-8 (a GBK file is not)"
    )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", ".docx/.xlsx/.zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", ".doc/.xls"),
        ("city:\n".encode("utf-16"), "UTF-16"),
    ],
    ids=["docx", "doc", "utf-16"],
)
def test_a_file_that_is_not_text_is_one_problem(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "numbers.yaml"
    path.write_bytes(data)
    with pytest.raises(RegistryError) as caught:
        read(path, PROMPTS)
    advice = "write the registry in a text editor and save it as UTF-8 text"
    assert str(caught.value) == f"{path}:1:1: this is {kind}, not text: {advice}"


def test_many_control_characters_are_one_problem() -> None:
    assert refused("city:\n " + "\x07" * 500) == [
        "x.yaml:2:2: this is not a text file: it holds 500 control characters, the first one, U+0007, here"
    ]


@pytest.mark.parametrize(
    "value",
    ["热线（一），夜班", "“一键”热线", '"市：监，局"', "3号＃楼", "甲、乙", "'＃'", "全角　空格"],
)
def test_full_width_characters_in_a_value_are_allowed(value: str) -> None:
    """A full-width character inside a value is no error of YAML."""
    try:
        load(GOOD.replace("12345政务服务便民热线", value), "x.yaml", PROMPTS)
    except RegistryError as error:
        assert [problem.message for problem in error.problems if "YAML" in problem.message] == []


LINES = """\
city: { name: 郴州市, area_code: "0735", country_code: "86" }
lines:
  - number: "12345"
    name: 12345政务服务便民热线
    unit: 市政府办公室
    mode: hotline
  - number: "8812345"
    name: 旧热线
    unit: ""
    mode: merged
    into: "12345"
groups:
  general: { title: 话务座席, kind: general }
seats:
  - { number: "8001", name: 话务座席1, groups: [general] }
unclear:
  - { phrases: [预付卡], lines: ["12345", "8812345"] }
carrier: { host: 127.0.0.1, port: 5070 }
"""


@pytest.mark.parametrize("number", ["012345", "0x3039", '"１２３４５"', '""'])
def test_a_number_that_cannot_be_read_makes_no_problem_of_the_lines_that_name_it(number: str) -> None:
    """The advice was to merge into another number, which looks alike."""
    [problem] = refused(LINES.replace('number: "12345"', f"number: {number}"))
    assert problem.startswith("x.yaml:3:13: number: ")


@pytest.mark.parametrize(
    ("whole", "without_quote", "place"),
    [
        ('"12345"\n    name', '"12345\n    name', "3:13"),
        ('number: "8812345"', 'number: "8812345', "7:13"),
        ('into: "12345"', "into: '12345", "11:11"),
    ],
)
def test_a_quote_that_is_not_closed_is_named_where_it_opens(whole: str, without_quote: str, place: str) -> None:
    """YAML ends the value at the next quote, some lines later, and finds the fault behind that one."""
    [problem] = refused(LINES.replace(whole, without_quote, 1))
    assert problem.startswith(f"x.yaml:{place}: "), problem
