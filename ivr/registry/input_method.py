"""Characters of a Chinese input method, or of a word processor, in a place where YAML needs ASCII.

YAML takes such a character for part of a value, or refuses the file some lines later. The message names the character,
its place, and the right ASCII character. Inside quotes, comments and values every character is allowed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ivr.texts import _

_KEY = r"(?P<key>[A-Za-z_]+)"
_ITEM = r"(?:^[ ]*(?:- +)?|(?<=[{,，])[ ]*)"  # the begin of a line, of a list item, or of an entry in braces
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_QUOTES = "“”„‟‘’‚‛＂＇「」『』"
_MASK = "\0"  # in place of a quoted value and a comment; no YAML holds it

_INDENT = re.compile(f"^ *(?P<sign>[{_SPACES}])(?=.*[^ {_SPACES}{_MASK}])")
_DASH = re.compile(r"^ *(?P<sign>[－—–−])[ ]*(?=\S)")
_WIDE_COLON = re.compile(_ITEM + _KEY + r" *(?P<sign>：)")
_NO_SPACE = re.compile(_ITEM + _KEY + rf"(?P<sign>:)(?=[^ \t\]\}},/:{_SPACES}])")
_WIDE_SPACE = re.compile(_ITEM + _KEY + rf": *(?P<sign>[{_SPACES}])")
_QUOTED = re.compile(
    rf"(?:{_ITEM}|: +|(?<=\[)[ ]*)(?P<sign>[{_QUOTES}])[^{_QUOTES}]*[{_QUOTES}](?= *(?:[:：,，、\]}}{_MASK}]|$))"
)
_HASH = re.compile(rf"(?:^|(?<=[ \t{_SPACES}]))(?P<sign>＃)")
_BRACKET = re.compile(r"(?:^[ ]*(?:- +)?|: +|： *|(?<=[\[{,]) *)(?P<sign>[［｛])|(?P<close>[］｝]) *$")
_COMMA_KEY = re.compile(r"(?P<sign>[，、；;]) *[A-Za-z_]+ *[:：]")
# Two patterns that sort out most of the thousands of lines of a registry quickly.
_STRUCTURE = re.compile("[\"'#\\[\\]{}]")  # begins or ends of quotes, comments and brackets
_SUSPECT = re.compile(
    rf"[{_SPACES}{_QUOTES}－—–−：＃［｛］｝，、；;]|[A-Za-z_]:[^ ]"
)  # a part of each wrong character's surroundings


class WrongCharacter(NamedTuple):
    """One character in a wrong place; line and column count from 1."""

    line: int
    column: int
    message: str


@dataclass(slots=True)
class _Scanner:
    """Follows brackets and quotes through the lines of a file."""

    open: list[str] = field(default_factory=list)  # brackets that are open: "[" and "{"
    quote: str = ""  # the quote that is open, if any
    quotes: int = 0  # quotes that have opened so far
    quote_column: int = 0  # of the last of them, from 1

    def masked(self, line: str) -> tuple[str, str]:
        """Return ``line`` with quoted values and comment masked, and the bracket around each character."""
        if not self.quote and not _STRUCTURE.search(line):
            return line, (self.open[-1] if self.open else " ") * len(line)
        masked_signs, brackets = [], []
        begins = True  # a value may begin here
        position = 0
        while position < len(line):
            sign = line[position]
            if self.quote:
                width = self._in_quotes(line, position)
                masked_signs.append(_MASK * width)
                brackets.append(" " * width)
                position += width
                continue
            if sign == "#" and (position == 0 or line[position - 1].isspace()):
                masked_signs.append(_MASK * (len(line) - position))
                brackets.append(" " * (len(line) - position))
                break
            begins = self._step(sign, line[position + 1 : position + 2], begins=begins)
            if self.quote:
                self.quotes, self.quote_column = self.quotes + 1, position + 1
            masked_signs.append(_MASK if self.quote else sign)
            brackets.append(self.open[-1] if self.open else " ")
            position += 1
        return "".join(masked_signs), "".join(brackets)

    def _in_quotes(self, line: str, position: int) -> int:
        """Return how many characters belong together inside quotes; the closing quote ends them."""
        if self.quote == '"' and line[position] == "\\":
            return len(line[position : position + 2])
        if line[position] == self.quote:
            if self.quote == "'" and line[position + 1 : position + 2] == "'":
                return 2
            self.quote = ""
        return 1

    def _step(self, sign: str, following: str, *, begins: bool) -> bool:
        """Take one character outside quotes; return whether a value may begin behind it."""
        if begins and sign in "\"'":
            self.quote = sign
        elif sign in "[{" and (begins or self.open):
            self.open.append(sign)
            return True
        elif sign in "]}" and self.open:
            self.open.pop()
        elif (sign == "," and self.open) or (sign == ":" and following in ("", " ", "\t")):
            return True
        return begins and (sign.isspace() or (sign == "-" and following in ("", " ")))


def slips(text: str) -> Iterator[WrongCharacter]:
    """Yield each wrong character in ``text``, line by line."""
    scanner = _Scanner()
    for number, line in enumerate(text.split("\n"), start=1):
        bare, brackets = scanner.masked(line)
        if _SUSPECT.search(bare):
            for column, message in sorted(_in_line(bare, brackets)):
                yield WrongCharacter(number, column, message)


def quotes_over_lines(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield line and column of each quote that does not close on its line, and the line on which it closes."""
    scanner, opened_on, number = _Scanner(), 0, 0
    for number, line in enumerate(text.split("\n"), start=1):
        quote, quotes, column = scanner.quote, scanner.quotes, scanner.quote_column
        scanner.masked(line)
        is_another = scanner.quotes != quotes
        if quote and (not scanner.quote or is_another):
            yield opened_on, column, number
        if scanner.quote and (not quote or is_another):
            opened_on = number
    if scanner.quote:
        yield opened_on, scanner.quote_column, number


def _in_line(bare: str, brackets: str) -> Iterator[tuple[int, str]]:
    for pattern, message in (
        (_INDENT, _("{sign} indents this line: use ordinary spaces")),
        (_DASH, _("{sign} begins this list item: write - and a space")),
        (_WIDE_COLON, _("{sign} stands behind the key {key}: write : and a space")),
        (_NO_SPACE, _("a space is missing behind {key}{sign}")),
        (_WIDE_SPACE, _("{sign} stands behind the key {key}: use an ordinary space")),
        (_QUOTED, _('{sign} does not quote in YAML: use straight quotes, "…"')),
        (_HASH, _("{sign} does not begin a comment in YAML: write #")),
        (_BRACKET, _("{sign} is no bracket in YAML: write [ ] or {{ }}")),
    ):
        for match in pattern.finditer(bare):
            if bare[: match.start()].strip() and brackets[match.start()] != "{" and "key" in pattern.groupindex:
                continue  # in the middle of a plain value
            name = "sign" if match["sign"] else "close"
            words = {"key": match["key"]} if "key" in pattern.groupindex else {}
            yield match.start(name) + 1, message.format(sign=_character_name(match[name]), **words)
    yield from _commas(bare, brackets)


def _commas(bare: str, brackets: str) -> Iterator[tuple[int, str]]:
    """Find each full-width comma between the entries of braces or the items of brackets."""
    message = _("{sign} is no separator in YAML: write , and a space")
    for match in _COMMA_KEY.finditer(bare):
        if brackets[match.start("sign")] == "{":
            yield match.start("sign") + 1, message.format(sign=_character_name(match["sign"]))
    for position, sign in enumerate(bare):
        if sign in "，、；" and brackets[position] == "[":
            yield position + 1, message.format(sign=_character_name(sign))


def _character_name(sign: str) -> str:
    """Return a character for a message; a space or a colon gets its name, because it looks like the right character."""
    code = f"U+{ord(sign):04X}"
    if sign == ":":
        return sign
    if sign == "\u3000":
        return _("a full-width space ({code})").format(code=code)
    if not sign.isprintable():
        return _("a special space ({code})").format(code=code)
    if sign in _QUOTES:
        return _("the typographic quote {sign}").format(sign=sign)
    return _("the full-width '{sign}'").format(sign=sign) if ord(sign) > 0x7F else f"'{sign}'"
