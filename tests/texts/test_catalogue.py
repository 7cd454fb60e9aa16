"""Every text for an admin has a Chinese translation, and LANG chooses the language."""

import os
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ivr.cli.main import help_text, main
from testkit.hotline.running import run_ivr

ROOT = Path(__file__).parents[2]
LOCALE = Path("ivr/texts/locale/zh_CN/LC_MESSAGES")
pytestmark = pytest.mark.xdist_group("catalogue")  # one copy of the program is compiled, not one for each process
PERCENT = re.compile("%[a-z]")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (ROOT / LOCALE / "ivr.po").open(encoding="utf-8") as file:
        return read_po(file, abort_invalid=True)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Yield each text of the code, with its place."""
    places = {}
    for folder in ("ivr", "agi_scripts", "testkit/provision", "trials/demo"):
        for file, line, text, _comments, _context in extract_from_dir(ROOT / folder, keywords={"_": None}):
            assert isinstance(text, str), f"{folder}/{file}:{line}: plurals are not used here"
            places[text] = f"{folder}/{file}:{line}"
    places |= {help_text(command): f"the help of {name}" for name, command in commands(main, "ivr") if command.help}
    return places


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for below in command.list_commands(context):
            subcommand = command.get_command(context, below)
            assert subcommand is not None
            yield from commands(subcommand, f"{name} {below}")


def test_every_text_has_a_translation(catalogue: Catalog, texts: dict[str, str]) -> None:
    missing = [
        f"{place}: {text}"
        for text, place in texts.items()
        if not (message := catalogue.get(text)) or not message.string or message.fuzzy
    ]
    assert not missing, "no Chinese in ivr.po for:\n" + "\n".join(missing)


@pytest.mark.parametrize(
    "words",
    ["", "--help", "--bla", "blah", "calls --help", "calls --sinse 2h", "calls --outcome foo", "calls --day", "route",
     "check a b", "prompts", "speech listen --help"],
)  # fmt: skip
def test_help_and_wrong_usage_are_in_chinese_too(words: str) -> None:
    result = run_ivr(*words.split(), LANGUAGE="zh_CN")
    printed = result.stdout + result.stderr
    assert "用法：" in printed or "错误：" in printed
    english = "Usage|Error|Invalid|Missing|No such|Options|Commands|OPTIONS|ARGS|Show|Try|Got|Did you|is not|requires"
    assert not re.search(english, printed), printed


def test_set_up_can_compile_the_catalogue(catalogue: Catalog) -> None:
    refused = [f"{message.id}: {errors}" for message, errors in catalogue.check()]
    assert not refused, "\n".join(refused)  # "95 % of" looks like a placeholder to Babel: write the text otherwise


def test_a_translation_has_the_placeholders_of_its_text(catalogue: Catalog) -> None:
    differing = [
        f"{message.id}\n    {message.string}"
        for message in catalogue
        if message.string and message.id and placeholders(message, message.id) != placeholders(message, message.string)
    ]
    assert not differing, "\n".join(differing)


def placeholders(message: Message, text: object) -> list[str]:
    """Return the placeholders of ``text``, sorted, because Chinese may have another order."""
    if isinstance(text, tuple):
        text = text[-1]  # of the plural, which Chinese uses for one, too
    if message.python_format:
        return PERCENT.findall(str(text))
    parts = string.Formatter().parse(str(text))
    return sorted(f"{name}!{conversion}:{spec}" for _before, name, spec, conversion in parts if name is not None)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with its catalogue compiled as set-up does, and a registry with one mistake."""
    copy = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "ivr", copy / "ivr", ignore=shutil.ignore_patterns("__pycache__", "*.mo", "node_modules"))
    (copy / "recordings").symlink_to(ROOT / "recordings")
    (copy / "orders.yaml").symlink_to(ROOT / "orders.yaml")
    with (copy / LOCALE / "ivr.po").open(encoding="utf-8") as source, (copy / LOCALE / "ivr.mo").open("wb") as target:
        write_mo(target, read_po(source))
    text = (ROOT / "numbers.yaml").read_text(encoding="utf-8")
    (copy / "numbers.yaml").write_text(text.replace("mode: merged", "mode: mergd", 1), encoding="utf-8")
    return copy


def run(checkout: Path, language: dict[str, str], program: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a program of Python in the checkout if only the variables ``language`` choose the language."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith(("LANG", "LC_"))}
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=checkout,
        env={**plain, **language, "PYTHONPATH": str(checkout)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def checked(checkout: Path, **language: str) -> str:
    """Return the output of ``ivr check``."""
    result = run(checkout, language, "from ivr.cli.main import main; main()", "check")
    assert result.returncode == 1, result.stderr
    return result.stdout


def read_in(checkout: Path, language: dict[str, str], english: str) -> str:
    """Return one text as a process reads it; a tenth of the processor time of ``ivr check``."""
    result = run(checkout, language, "import sys; from ivr.texts import _; print(_(sys.argv[1]))", english)
    assert result.returncode == 0, result.stderr
    return result.stdout.rstrip("\n")


TEXT = "{file}: problems: {count}"


def test_an_admin_reads_each_language(checkout: Path) -> None:
    printed = checked(checkout, LANG="zh_CN.UTF-8")
    assert "'mergd' 不是归并方式；是否想写 'merged'？" in printed
    assert printed.endswith("numbers.yaml：1 个错误\n")
    printed = checked(checkout)
    assert "'mergd' is not a mode; did you mean 'merged'?" in printed
    assert printed.endswith("numbers.yaml: problems: 1\n")


@pytest.mark.parametrize(
    "language",
    [
        {"LANG": "zh_CN"},
        {"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"},
        {"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"},
        {"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN"},
    ],
    ids=str,
)
def test_a_chinese_admin_reads_chinese(checkout: Path, language: dict[str, str]) -> None:
    assert read_in(checkout, language, TEXT) == "{file}：{count} 个错误"


@pytest.mark.parametrize("language", [{"LANG": "C"}, {"LANG": "C.UTF-8"}, {"LANG": "de_DE.UTF-8"}], ids=str)
def test_another_language_reads_english(checkout: Path, language: dict[str, str]) -> None:
    assert read_in(checkout, language, TEXT) == TEXT
