"""One name, one thing; each name is made of the glossary's terms and of general words."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("ivr", "agi_scripts", "testkit", "trials", "tests")

# Files of `ivr/cli` are named after their commands, and share the name of the file that a command shows. Files of
# `ivr/registry/checks` are named after the section of the registry that they check. Test modules are named after what
# they test. The names below mean the same thing in each place.
SAME_FILE = {
    "callback.py": "the rule of callbacks, and the script that follows it",
    "consult.py": "the rule of consults, and the script that follows it",
    "rating.py": "what the words of a rating mean, and the script that asks for it",
    "recording.py": "how Asterisk records, and the script that asks for it",
    "protection.py": "the limits in the registry, and the rule that applies them",
    "calendar.py": "the hours and holidays in the registry, and the rule that applies them",
    "pace.py": "the pace of prompts in Asterisk, and the rule that chooses it",
}


HEADLESS = {"told", "said", "wish", "ear", "who", "whom", "whose", "thing", "something", "somebody", "anybody", "anew"}
"""Words without a noun: an outsider has to guess what they mean."""


def modules() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if not path.name.startswith("__"):
                yield path.relative_to(ROOT)


def test_no_file_name_stands_for_two_things() -> None:
    files = defaultdict(list)
    for path in modules():
        named_after = path.is_relative_to("ivr/cli") or path.is_relative_to("ivr/registry/checks")
        if not named_after and not path.name.startswith("test_") and path.name != "conftest.py":
            files[path.name].append(str(path))
    twice = {name: paths for name, paths in files.items() if len(paths) > 1}
    assert not {name: paths for name, paths in twice.items() if name not in SAME_FILE}
    assert not SAME_FILE.keys() - twice.keys(), "each of these is the name of one file only: take it out of the list"


def test_no_class_name_stands_for_two_things() -> None:
    classes = defaultdict(list)
    for path in modules():
        for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith(("_", "Test")):
                classes[node.name].append(str(path))
    assert not {name: paths for name, paths in classes.items() if len(paths) > 1}


def test_no_test_module_imports_another() -> None:
    """A helper of several test modules has a file of its own, but for what stands beside the list of migrations."""
    imports = []
    for path in modules():
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2].startswith("test_"):
                if node.module == "tests.records.test_migrations":
                    continue
                imports.append(f"{path}: {node.module}")
    assert not imports


def words(name: str) -> set[str]:
    """The words of a name, in small letters: SpeechListener has speech and listener."""
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3_\2\4", name)
    return {word for word in spaced.lower().split("_") if word and not word.isdigit()}


def is_known(word: str, terms: set[str]) -> bool:
    singular = {word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)}
    return bool(singular & terms)


def test_each_word_of_a_class_or_file_name_is_a_term_or_a_general_word() -> None:
    """A new word belongs into docs/glossary.md, if it means something of this project; else into general_words.txt."""
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    terms = {
        word.lower() for row in re.findall(r"(?m)^\| ([^|]+) \|", glossary) for word in re.findall(r"[A-Za-z]+", row)
    }
    terms |= set(Path(__file__).with_name("general_words.txt").read_text(encoding="utf-8").split())
    unknown = defaultdict(set)
    for path in modules():
        if path.parts[0] in ("ivr", "agi_scripts") and "migrations" not in path.parts:
            classes = (
                node.name
                for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body
                if isinstance(node, ast.ClassDef)
            )
            for name in (path.stem, *classes):
                unknown[name] |= {word for word in words(name) if not is_known(word, terms)}
    assert not {name: missing for name, missing in unknown.items() if missing}


def test_no_name_is_made_of_a_headless_word() -> None:
    names_by_file = defaultdict(set)
    for path in modules():
        if path.name.startswith("test_") or path.parts[0] == "tests" or "migrations" in path.parts:
            continue
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        nodes = [
            node for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        for name in (path.stem, *(node.name for node in nodes)):
            if words(name) & HEADLESS:
                names_by_file[str(path)].add(name)
    assert not names_by_file
