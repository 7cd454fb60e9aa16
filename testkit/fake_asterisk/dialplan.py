"""A reader of ``dialplans/``, and an interpreter of the part of the dialplan's language that these files use.

This module has control flow, variables and expressions; `testkit.fake_asterisk.channel` runs the applications.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader

from ivr.registry.model import City, Place
from ivr.registry.trunk_model import Host, NumberForm, Trunk
from ivr.site import trunk_settings

DIALPLANS = Path(__file__).parents[2] / "dialplans"
ALL_KEYS = "0123456789*#ABCD"
_TOKEN = re.compile(r'"[^"]*"|\d+|>=|<=|!=|[=<>()*+-]')
_MOST = 1000  # priorities of one run; a run of more is an endless loop
# Functions whose value comes from `value` of a `DialplanRun`, or whose value no file uses.
_CHANNEL_FUNCTIONS = frozenset({
    "CALLERID", "CHANNEL", "CHANNELS", "CONNECTEDLINE", "DB", "DB_EXISTS", "DB_KEYS", "GROUP", "GROUP_COUNT", "IMPORT",
    "HANGUPCAUSE_KEYS", "JSON_DECODE", "PJSIP_HEADER", "QUEUE_MEMBER", "QUEUE_WAITING_COUNT", "SHARED", "SHIFT",
    "STRFTIME",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority: one line of an extension."""

    label: str
    application: str
    data: str


@dataclass
class Context:
    """A context: its extensions, and the contexts that it includes."""

    extensions: dict[str, list[Priority]] = field(default_factory=dict)
    includes: list[str] = field(default_factory=list)


@cache
def static_dialplan() -> dict[str, Context]:
    """Return the contexts of ``dialplans/extensions`` and of a trunk, ``carrier``, with one host."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(DIALPLANS.glob("extensions/*.conf"))]
    return read("\n".join((*texts, _one_trunk())))


def _one_trunk() -> str:
    city = City("", "0735", "86")
    trunk = Trunk("carrier", (Host("192.0.2.1", 5060),), Place("", 1, 1), options=False)
    templates = Environment(loader=FileSystemLoader(DIALPLANS), trim_blocks=True, lstrip_blocks=True, autoescape=False)
    trunk_endpoint = trunk_settings.endpoint(
        trunk, own_number="12345", passwords={}, sip_host="192.0.2.2", certificates=Path(), addresses={}
    )
    return templates.get_template("generated/trunks.conf.j2").render(
        trunks=[trunk_endpoint],
        routes=trunk_settings.routes((trunk,)),
        caller_rules=trunk_settings.callers(city),
        national_rules=trunk_settings.outgoing(city, NumberForm.NATIONAL),
        e164_rules=trunk_settings.outgoing(city, NumberForm.E164),
    )


def read(text: str) -> dict[str, Context]:
    """Read contexts like Asterisk's pbx_config."""
    contexts: dict[str, Context] = {}
    current_context, extension = Context(), ""
    for raw in text.splitlines():
        line = re.sub(r"(^|\s);.*", "", raw).strip()
        if match := re.fullmatch(r"\[([\w-]+)\]", line):
            current_context = contexts.setdefault(match[1], Context())
        elif line.startswith("include => "):
            current_context.includes.append(line.removeprefix("include => "))
        elif match := re.fullmatch(r"exten => ([^,]+),1,(\w+)\((.*)\)", line):
            extension = match[1]
            assert extension not in current_context.extensions, f"{extension} stands twice"
            current_context.extensions[extension] = [Priority("", match[2], match[3])]
        elif match := re.fullmatch(r"same => n(?:\(([\w-]+)\))?,(\w+)\((.*)\)", line):
            current_context.extensions[extension].append(Priority(match[1] or "", match[2], match[3]))
        else:
            assert not line, f"not understood: {raw}"
    return contexts


def find(contexts: dict[str, Context], context: str, extension: str) -> tuple[str, list[Priority]] | None:
    """Return the extension that Asterisk would choose, with its priorities: exact, by pattern, or included."""
    own_context = contexts[context]
    if extension in own_context.extensions:
        return extension, own_context.extensions[extension]
    for name, priorities in own_context.extensions.items():
        if name.startswith("_") and re.fullmatch(_regex(name[1:]), extension.replace("-", "")):
            return name, priorities
    matches = (find(contexts, included, extension) for included in own_context.includes if included in contexts)
    return next((extension for extension in matches if extension), None)


def _regex(pattern: str) -> str:
    signs = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", "!": ".*", ".": ".+", "-": ""}
    signs_and_classes = re.findall(r"\[[^\]]*\]|.", pattern)
    return "".join(sign if sign.startswith("[") else signs.get(sign, re.escape(sign)) for sign in signs_and_classes)


class DialplanRun:
    """One run of the dialplan, from an extension until it returns, ends, or the channel hangs up."""

    def __init__(
        self,
        contexts: dict[str, Context],
        variables: dict[str, str],
        value: Callable[[str], str],
        application: Callable[[str, str], bool],
    ) -> None:
        """``value`` evaluates a function of the channel; ``application`` runs one, and returns whether to go on."""
        self._contexts, self._variables, self._value, self._application = contexts, variables, value, application
        self._stack: list[tuple[tuple[str, str, int], dict[str, str]]] = []
        self._at: tuple[str, str, int] = ("", "", 0)
        self.visited: list[tuple[str, str]] = []

    def __call__(self, context: str, extension: str, arguments: str) -> None:
        """Run an extension from its first priority, like AGI's GOSUB."""
        self._stack.append((("", "", 0), self._arguments()))
        self._enter(context, extension, arguments)
        for _ in range(_MOST):
            if not self._step():
                return
        raise AssertionError(f"the dialplan does not end: {self.visited[-5:]}")

    def goto(self, context: str, extension: str) -> None:
        """Continue at another extension, like an application that a key ends."""
        self._at = (context, extension, 0)
        self.visited.append((context, extension))

    def _enter(self, context: str, extension: str, arguments: str) -> None:
        for name in [name for name in self._variables if re.fullmatch(r"ARG\d+", name)]:
            del self._variables[name]
        values = split_arguments(arguments)
        self._variables.update({f"ARG{number}": value for number, value in enumerate(values, 1)})
        self.goto(context, extension)

    def _arguments(self) -> dict[str, str]:
        return {name: value for name, value in self._variables.items() if re.fullmatch(r"ARG\d+", name)}

    def _step(self) -> bool:
        context, extension, index = self._at
        found_extension = find(self._contexts, context, extension)
        assert found_extension, f"there is no extension {extension!a} in [{context}]"
        if index >= len(found_extension[1]):
            return False  # autofallthrough
        priority = found_extension[1][index]
        self._at = (context, extension, index + 1)
        self._variables["EXTEN"] = extension
        arguments = self.substitute(priority.data)
        match priority.application:
            case "Goto":
                self._jump(arguments)
            case "GotoIf":
                condition, _, places = arguments.partition("?")
                yes, _, no = places.partition(":")
                place = yes if condition not in ("", "0") else no
                if place:
                    self._jump(place)
            case "GosubIf":
                condition, _, place = arguments.partition("?")
                if condition not in ("", "0"):
                    self._call(place)
            case "Gosub":
                self._call(arguments)
            case "Return":
                self._at, arguments_before = self._stack.pop()
                for name in self._arguments():
                    del self._variables[name]
                self._variables.update(arguments_before)
                return bool(self._stack)
            case "Hangup":
                self._application("Hangup", arguments)
                return False
            case application:
                position = self._at
                if not self._application(application, arguments):
                    return False
                assert self._at == position or self._at[2] == 0
        return True

    def _call(self, place: str) -> None:
        target, _, arguments = place.partition("(")
        self._stack.append((self._at, self._arguments()))
        target_parts = target.split(",")
        self._enter(
            target_parts[0] if len(target_parts) > 2 else self._at[0], target_parts[-2], arguments.removesuffix(")")
        )

    def _jump(self, place: str) -> None:
        context, extension, _at = self._at
        place_parts = place.split(",")
        if len(place_parts) == 1:  # a label
            priorities = find(self._contexts, context, extension)
            assert priorities
            labels = [priority.label for priority in priorities[1]]
            self._at = (context, extension, labels.index(place_parts[0]))
            return
        assert place_parts[-1] == "1", place
        self.goto(place_parts[0] if len(place_parts) > 2 else context, place_parts[-2])

    def substitute(self, text: str) -> str:
        """Return the text with each ``${…}`` and ``$[…]`` replaced by its value, once."""
        result, position = "", 0
        while position < len(text):
            if text[position : position + 2] in ("${", "$["):
                end = _closing(text, position + 2, {"{": "}", "[": "]"}[text[position + 1]])
                inner = self.substitute(text[position + 2 : end])
                result += self._read(inner) if text[position + 1] == "{" else evaluate(inner)
                position = end + 1
            else:
                result += text[position]
                position += 1
        return result

    def _read(self, name: str) -> str:
        function, parenthesis, argument = name.partition("(")
        if parenthesis and function not in _CHANNEL_FUNCTIONS:
            return self._function(function, argument[:-1])
        if name == "EXTEN":
            return self._at[1]
        if sliced := re.fullmatch(r"(\w+):(\d+)", name):
            return self._value(sliced[1])[int(sliced[2]) :] if sliced[1] != "EXTEN" else self._at[1][int(sliced[2]) :]
        return self._value(name)

    def _function(self, function: str, arguments: str) -> str:
        match function:
            case "FILTER":
                allowed, _, text = arguments.partition(",")
                return "".join(re.findall(f"[{allowed}]", text)) if text else ""
            case "LEN":
                return str(len(arguments.encode()))
            case "IF":
                condition, _, values = arguments.partition("?")
                yes, _, no = values.partition(":")
                return yes if condition not in ("", "0") else no
            case "STRREPLACE":
                variable, old, new = arguments.split(",")
                return self._value(variable).replace(old, new)
            case "REGEX":
                pattern, _, text = arguments.removeprefix('"').partition('" ')
                return str(int(bool(re.search(pattern, text))))
            case "DEVICE_STATE":
                return "INVALID"  # of an endpoint that no file configures
        raise AssertionError(f"this reader does not know the function {function}")


_PAIRS: Final = {"{": "}", "[": "]"}


def _closing(text: str, position: int, sign: str) -> int:
    """Return the position of the ``sign`` that closes the bracket before ``position``."""
    waits = [sign]
    while position < len(text):
        if text[position] == "$" and text[position + 1 : position + 2] in _PAIRS:
            waits.append(_PAIRS[text[position + 1]])
            position += 1
        elif text[position] == waits[-1]:
            waits.pop()
            if not waits:
                return position
        position += 1
    raise AssertionError(f"not closed: {text}")


def evaluate(expression: str) -> str:
    """Return the value of a ``$[…]`` of quoted texts and numbers; AssertionError for any other expression."""
    tokens = _TOKEN.findall(expression)
    assert re.sub(r"\s", "", "".join(tokens)) == re.sub(r"\s", "", expression), f"$[{expression}]"
    python = " ".join("==" if token == "=" else token for token in tokens)
    value = eval(python, {"__builtins__": {}})
    return str(int(value)) if isinstance(value, bool | int) else str(value)


def split_arguments(arguments: str) -> list[str]:
    """Split an application's arguments at the commas outside parentheses; an empty text has no arguments."""
    if not arguments:
        return []
    split, depth = [""], 0
    for character in arguments:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            split.append("")
        else:
            split[-1] += character
    return split
