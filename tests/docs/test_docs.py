"""The documents agree with the program's commands, keys, files and words."""

import configparser
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pytest

from ivr.call_events.values import FALLBACKS, PartyKind, Reason, SeatKind
from ivr.cli.main import main
from ivr.people.rights import RIGHTS, Role
from ivr.records.derive.record_parts import LegKind, LegResult, Outcome
from ivr.records.store.queries import to_json
from ivr.registry.load import read
from ivr.registry.prompts import NEEDED, recorded
from ivr.runtime.layout import Home
from tests.docs.markdown import ROOT, quoted, rows, table, text
from tests.reports import made

READMES = ("README.md", "README.zh-CN.md")
KEYS = ("docs/numbers-yaml.md", "docs/numbers-yaml.zh-CN.md")
COMMANDS = ("docs/commands.md", "docs/commands.zh-CN.md")
SEATS = ("docs/seats.md", "docs/seats.zh-CN.md")
_NAMES = (
    "desk",
    "operations",
    "reports",
    "deploy",
    "commands",
    "seats",
    "files",
    "trunks",
    "troubleshooting",
    "limits",
    "orders",
    "platforms",
    "knowledge",
)
FOR_ADMINS = tuple((f"docs/{name}.md", f"docs/{name}.zh-CN.md") for name in _NAMES)
DOCUMENTS = (*READMES, "CHANGELOG.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for child in command.list_commands(context):
            subcommand = command.get_command(context, child)
            assert subcommand is not None
            yield from commands(subcommand, f"{name} {child}")
    else:
        yield name, command


@pytest.mark.parametrize("readme", COMMANDS)
def test_every_command_is_listed_with_all_its_options(readme: str) -> None:
    listed = {first.strip("`"): rest for first, *rest in rows(readme) if re.fullmatch("`ivr [^`]+`", first)}
    for name, command in commands(main, "ivr"):
        row = next((" ".join(rest) for row, rest in listed.items() if f"{row} ".startswith(f"{name} ")), None)
        assert row is not None, f"{name} is not listed"
        options = {parameter.opts[0] for parameter in command.params if isinstance(parameter, click.Option)}
        assert set(re.findall(r"`(--[a-z-]+)", row)) == options, name
    assert len(listed) == len(list(commands(main, "ivr")))


@pytest.mark.parametrize("readme", COMMANDS)
def test_every_make_target_is_listed(readme: str) -> None:
    phony = re.search(r"(?m)^\.PHONY: (.*)$", text("Makefile"))
    assert phony
    listed = [cell.removeprefix("`make ").rstrip("`") for cell, *_rest in rows(readme) if cell.startswith("`make ")]
    assert sorted(listed) == sorted(set(phony[1].split()) - {"packages"})  # a part of the others


@pytest.mark.parametrize("readme", SEATS)
def test_the_seats_keys_are_those_of_the_dialplan(readme: str) -> None:
    features = configparser.ConfigParser(inline_comment_prefixes=(";",))
    features.read(ROOT / "dialplans/features.conf", encoding="utf-8")
    values = [value for section in features.values() for value in section.values()]
    by_the_engine = features["applicationmap"]["phone-hold"]  # no agent presses it
    in_call = {value.split(",")[0] for value in values if value.startswith("*") and value != by_the_engine}
    dialled = set(re.findall(r'case "(\*\d+)"', text("agi_scripts/seat.py")))
    dialled |= set(re.findall(r"(?m)^exten => _(\*\d+)X!", text("dialplans/extensions/incoming.conf")))
    assert {quoted(cell)[0] for cell, *_rest in rows(readme) if cell.startswith("`*")} == in_call | dialled


@pytest.mark.parametrize("readme", READMES)
def test_the_modes_have_as_many_numbers_as_stated(readme: str) -> None:
    registry = read(ROOT / "numbers.yaml", recorded(ROOT / "recordings"))
    stated = {quoted(cells[0])[0]: int(cells[2]) for cells in rows(readme) if len(cells) == 4 and cells[2].isdecimal()}
    assert stated == Counter(str(line.mode.value) for line in registry.lines)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_exists(document: str) -> None:
    home = {path.relative_to("/h") for path in Home(Path("/h")).parts()}
    logs = {Home(Path("/h")).cel.relative_to("/h"), Path("share")}
    top = {path.name for path in ROOT.iterdir()}
    for name in re.findall(r"`([\w.-]+/[\w./-]*\w/?)`", text(document)):
        folder, _slash, rest = name.partition("/")
        if folder == "var":
            assert any(Path(rest).is_relative_to(part) for part in home | logs), name
        elif folder in top:
            assert (ROOT / name).exists(), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text(document)):
        assert "://" in target or (ROOT / document).parent.joinpath(target).exists(), target


@pytest.mark.parametrize(
    ("title", "words"), [("`outcome`", Outcome), ("in `fallbacks`", FALLBACKS), ("`result` of a leg", LegResult)]
)
def test_every_word_of_a_record_is_explained(title: str, words: Iterable[Outcome | Reason | LegResult]) -> None:
    explained = table("docs/operations.md", title)
    assert sorted(quoted(cells[0]) for cells in explained) == sorted([word.value] for word in words)


def test_every_kind_of_leg_seat_and_party_is_explained() -> None:
    legs = table("docs/operations.md", "`kind` of a leg")
    assert [kind for cells in legs for kind in quoted(cells[0])] == [kind.value for kind in LegKind]
    assert {*quoted(legs[2][1]), *quoted(legs[-1][1])} >= {party.value for party in PartyKind}
    (kinds,) = (cells[1] for cells in rows("docs/operations.md") if cells[0] == "`seat_kind`")
    assert quoted(kinds) == [kind.value for kind in SeatKind]


def test_every_field_of_a_record_is_explained() -> None:
    record = to_json(made.call(consults=(LegResult.ANSWERED,)))
    assert fields("field") == list(record)
    assert quoted(table("docs/operations.md", "field")[-1][1]) == list(record["legs"][0])


def fields(title: str) -> list[str]:
    """The names in the first column of a table of operations.md."""
    return [quoted(cells[0])[0] for cells in table("docs/operations.md", title)]


@pytest.mark.parametrize("document", ["docs/desk.md", "docs/desk.zh-CN.md"])
def test_the_rights_of_each_role_are_as_stated(document: str) -> None:
    stated = {quoted(first)[0]: quoted(rest[-1]) for first, *rest in rows(document) if len(rest) == 2 and quoted(first)}
    for act, roles in RIGHTS.items():
        assert stated[act] == [role.value for role in Role if role in roles]


def test_both_languages_say_the_same() -> None:
    for english, chinese in (READMES, KEYS, *FOR_ADMINS):
        assert codes(english) == codes(chinese)


@pytest.mark.parametrize("document", KEYS)
def test_the_prompts_that_every_hotline_needs_are_named(document: str) -> None:
    named = quoted(text(document).rpartition("\n## ")[2])
    assert set(NEEDED) - {f"phone/{digit}" for digit in range(1, 9)} <= set(named)


def codes(document: str) -> list[str]:
    """The codes in the first cells of the tables, in order; messages are in the document's own language."""
    firsts = [code for cells in rows(document) for code in quoted(cells[0])]
    return [code for code in firsts if not re.search("[… \u4e00-\u9fff]", code)]
