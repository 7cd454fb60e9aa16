"""The dialplan as an admin reads it: every context explained, every variable declared, every state an extension."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.asterisk.variables import Variable
from testkit.fake_asterisk.dialplan import Context, find, read, static_dialplan
from tests.asterisk.rendered_dialplan import SHIPPED, contexts
from tests.docs.markdown import quoted, rows

ROOT = Path(__file__).parents[2]
FILES = sorted(path for path in (ROOT / "dialplans").rglob("*") if path.is_file())
NAME = re.compile(r"(?<![A-Z_])(?:__)?(HOTLINE_[A-Z]+(?:_[A-Z]+)*)")
ASTERISKS = {  # variables of Asterisk's own that the dialplan sets
    "BRIDGEPEER", "CALLERID", "CHANNEL", "CONNECTEDLINE", "DB", "DIALSTATUS", "DYNAMIC_FEATURES", "EXPORT", "GLOBAL",
    "GROUP", "MASTER_CHANNEL", "PJSIP_HEADER", "QUEUESTATUS", "QUEUE_PRIO", "SHARED", "TIMEOUT",
}  # fmt: skip


def names(text: str) -> set[str]:
    return set(NAME.findall(text))


def in_dialplan() -> set[str]:
    return {name for path in FILES for name in names(path.read_text(encoding="utf-8"))}


def in_python() -> set[str]:
    """Return the variables that Python code names as `Variable.NAME`."""
    used = set()
    for folder in ("ivr", "agi_scripts"):
        for path in (ROOT / folder).rglob("*.py"):
            if path.name != "variables.py":
                used |= {
                    Variable[name] for name in re.findall(r"\bVariable\.([A-Z_]+)", path.read_text(encoding="utf-8"))
                }
    return used


def test_every_variable_is_declared_and_used() -> None:
    assert in_dialplan() <= set(Variable), "declare it in ivr/asterisk/variables.py"
    assert set(Variable) == in_dialplan() | in_python(), "no file uses this variable"


def test_python_names_variables_by_their_declarations_only() -> None:
    for folder in ("ivr", "agi_scripts"):
        for path in (ROOT / folder).rglob("*.py"):
            if path.name != "variables.py":
                assert not names(path.read_text(encoding="utf-8")) & set(Variable), path


def test_every_variable_of_the_dialplan_has_the_prefix_hotline() -> None:
    for path in FILES:
        if path.parent.name not in ("extensions", "generated"):
            continue
        for application, data in re.findall(r",(M?Set)\((.*)\)", path.read_text(encoding="utf-8")):
            pairs = re.split(r",(?=_{0,2}[A-Z]+[A-Z_]*(?:\([^=]*\))?=)", data) if application == "MSet" else [data]
            for pair in pairs:
                name = re.match(r"_{0,2}([A-Z_]+)", pair)
                assert name and (name[1].startswith("HOTLINE_") or name[1] in ASTERISKS), f"{path.name}: {pair}"


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name in ("extensions", "generated")])
def test_the_header_of_every_context_names_the_places_it_is_entered_from(path: Path) -> None:
    for header, name in re.findall(r"(?m)((?:^;.*\n)*)^\[([\w-]+)\]", path.read_text(encoding="utf-8")):
        assert "; Entered from: " in header, f"[{name}]"


def test_the_page_of_the_dialplan_lists_each_file_with_its_contexts() -> None:
    table = [row for row in rows("docs/dialplan.md") if ".conf`" in row[0]]
    stated = {quoted(file)[0]: quoted(contexts) for file, _concern, contexts in table}
    for path in FILES:
        if path.parent.name in ("extensions", "generated"):
            name = f"{path.parent.name}/{path.name.removesuffix('.j2')}"
            assert stated.pop(name) == re.findall(r"(?m)^\[([\w-]+)\]", path.read_text(encoding="utf-8")), name
    assert not stated


def test_the_dialplan_parses_no_text_for_a_state() -> None:
    """A menu or a group may have any name, so the dialplan passes HOTLINE_PROGRESS on without reading it."""
    handed_on = "${ARG2},${ARG3},${ARG4},${ARG5},${HOTLINE_PROGRESS}&end=${HOTLINE_OFFER_END})"
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert "REGEX" not in text, path.name
        for line in text.replace(handed_on, "").splitlines():
            name = line.partition(";")[0].replace("HOTLINE_PROGRESS=", "")
            assert "HOTLINE_PROGRESS" not in name, f"{path.name}: {line}"


def test_each_decision_of_the_dialplan_is_a_single_comparison() -> None:
    for path in FILES:
        for line in path.read_text(encoding="utf-8").splitlines():
            for condition in re.findall(r"GotoIf\(\$\[(.*)\]\?", line):
                assert not re.search(r" [&|] ", condition), f"{path.name}: {line}"


def whole() -> dict[str, Context]:
    """Static and generated contexts."""
    text = contexts(SHIPPED, ROOT)
    generated = ("fallback-routes", "emergency", "emergency-service-leg", "consult")
    return static_dialplan() | read("\n".join(f"[{name}]\n{text[name]}" for name in generated))


def jumps(contexts: dict[str, Context]) -> Iterator[tuple[str, str, str]]:
    """Yield the target of each Goto, GotoIf, Gosub and GosubIf: context, extension, and the line of the jump."""
    for name, context in contexts.items():
        for extension, priorities in context.extensions.items():
            for priority in priorities:
                if priority.application not in ("Goto", "GotoIf", "Gosub", "GosubIf"):
                    continue
                places = (
                    priority.data.partition("?")[2].split(":")
                    if priority.application.endswith("If")
                    else [priority.data]
                )
                for place in places:
                    if match := re.match(r"(?:([\w-]+),)?([\w-]+),1\b", place):
                        yield match[1] or name, match[2], f"[{name}] {extension}: {priority.data}"


def test_every_jump_leads_to_an_extension() -> None:
    known = whole()
    for context, extension, line in jumps(known):
        assert context in known, line
        assert find(known, context, extension), line


@pytest.mark.parametrize(
    ("context", "states"),
    [
        ("citizen-ended", "done served running"),
        ("engine-ended", "done served left running"),
        ("process-ended", "done served left running"),
        ("error-tone", "done served running"),
        ("engine-lost", "citizen seat consult"),
        ("consult-lost", "none ANSWER BUSY NOANSWER CANCEL CONGESTION CHANUNAVAIL CONTINUE TIMEOUT JOINEMPTY"),
        ("center-ended", "ANSWER BUSY NOANSWER CANCEL CONGESTION CHANUNAVAIL DONTCALL TORTURE INVALIDARGS"),
        ("queue-ended", "CONTINUE TIMEOUT FULL JOINEMPTY LEAVEEMPTY JOINUNAVAIL LEAVEUNAVAIL WITHDRAW UNKNOWN"),
        ("emergency-agent", "CONTINUE TIMEOUT FULL JOINEMPTY LEAVEEMPTY JOINUNAVAIL LEAVEUNAVAIL WITHDRAW UNKNOWN"),
        ("emergency-service", "ANSWER BUSY NOANSWER CANCEL CONGESTION CHANUNAVAIL INVALIDARGS"),
        ("service-ended", "alone served"),
        ("played", "SUCCESS FAILED"),
        ("menu-opened", "SUCCESS FAILED"),
        ("menu-asked", "SUCCESS FAILED"),
        ("menu-key", "0 9 * # A D"),
        ("recording", "SUCCESS FAILED NOAPP"),
        ("fallback", "none center expert agents service served message kept"),
        ("fallback-expert", "none expert service"),
        ("fallback-center", "none center service"),
        ("fallback-expert-ended", "CONTINUE TIMEOUT FULL JOINEMPTY LEAVEEMPTY UNKNOWN KEY"),
        ("fallback-center-ended", "ANSWER BUSY NOANSWER CONGESTION CHANUNAVAIL"),
        ("fallback-agents-ended", "CONTINUE TIMEOUT FULL JOINEMPTY LEAVEEMPTY UNKNOWN KEY"),
        ("carrier-call", "open stopping"),
        ("seat-call", "open stopping"),
        ("watch-take-over", "supervisor expert"),
        ("watch-end-call", "supervisor expert"),
        ("consult-ended", "done running"),
        (
            "second-line-event",
            "answered none ANSWER BUSY NOANSWER CANCEL CHANUNAVAIL CONTINUE TIMEOUT",
        ),
    ],
)
def test_every_state_has_its_extension(context: str, states: str) -> None:
    """A state without an extension would end the call."""
    for state in states.split():
        assert find(static_dialplan(), context, state), f"[{context}] {state}"


def test_no_pattern_of_states_matches_the_hangup_extension() -> None:
    """Asterisk runs the extension ``h`` when the channel hangs up."""
    for name, context in static_dialplan().items():
        extension = find(static_dialplan(), name, "h")
        assert extension is None or extension[0] == "h" or name == "from-carrier", (
            name
        )  # in this context an agent dials numbers of one digit
        assert "hang-up" not in context.includes or extension, name
