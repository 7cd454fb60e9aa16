"""One name, one thing: no class and no file has the name of another in another room."""

import ast
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

# Names that still stand for different things. A name leaves this list when it is renamed; none may be added.
PENDING_FILES = {
    "asterisk.py", "call.py", "decide.py", "field.py", "hotline.py", "load.py", "phones.py", "phrases.py",
    "plan.py", "pool.py", "process.py", "prompts.py", "render.py", "results.py", "seat.py", "secrets.py",
    "server.py", "sip.py", "sipp.py", "sound.py", "story.py", "table.py", "tones.py", "wording.py",
    "worker.py",
}  # fmt: skip
PENDING_CLASSES = {
    "Account", "Alarm", "Asterisk", "Bench", "Call", "Caller", "Candidate", "Carrier", "Change", "Choice", "Comparison",
    "Ear", "Field", "Finding", "Heard", "Kind", "Leg", "Limits", "Line", "Listener", "Load", "Message",
    "Options", "Outcome", "Place", "Process", "Refused", "Row", "Run", "Said", "Say", "Seat", "SeatAccount",
    "Session", "Sound", "Story", "Trial", "Utterance", "Verdict", "Voice", "Wire", "Worker",
}  # fmt: skip


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
    known = SAME_FILE.keys() | PENDING_FILES
    assert not {name: paths for name, paths in files.items() if len(paths) > 1 and name not in known}


def test_no_class_name_stands_for_two_things() -> None:
    classes = defaultdict(list)
    for path in modules():
        for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith(("_", "Test")):
                classes[node.name].append(str(path))
    assert not {name: paths for name, paths in classes.items() if len(paths) > 1 and name not in PENDING_CLASSES}
