"""Edits of numbers.yaml as text: unchanged text stays the same, character by character, with its comments.

An edit names its place by keys and positions: ``("lines", 3, "name")``. ruamel.yaml writes only the innermost key or
list item in block style around the place again; the other lines are not touched. Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import yaml

from ivr.editing.yaml_fragment import as_written, comments, load_fragment, to_text
from ivr.prompts.manifest import YAML_LOADER
from ivr.texts import _

Step = str | int
Data = str | bool | int | list[Any] | dict[str, Any]
_LONG = ("phrases", "matters", "keys", "not", "situations")  # keys that stay at the end of an entry


class EditRefused(Exception):
    """The edit cannot be done; ``str()`` gives the reason, ``path`` the place."""

    def __init__(self, text: str, path: Sequence[Step] = ()) -> None:
        """Take the text for the admin."""
        super().__init__(text)
        self.path = tuple(path)


def set_value(text: str, path: Sequence[Step], value: Data) -> str:
    """Return the text with a value replaced, or a key added to a mapping that is there.

    Raises:
        EditRefused: the text is no YAML, or there is no such place.
    """

    def change(holder: Any, step: Step) -> None:  # noqa: ANN401 - a mapping or a list of ruamel's
        if isinstance(holder, list) and not (isinstance(step, int) and 0 <= step < len(holder)):
            raise _no_place(path)
        earlier_value = holder.get(step) if isinstance(holder, dict) else holder[step]
        holder[step] = as_written(value, earlier_value)

    return _Lines(text).changed(tuple(path), change)


def append(text: str, path: Sequence[Step], value: Data) -> str:
    """Return the text with an item added at the end of a list; a missing list at the top of the file is made.

    Raises:
        EditRefused: the text is no YAML, or there is no such list.
    """
    lines = _Lines(text)
    list_node = lines.node(path[:1]) if len(path) == 1 else lines.node(path)
    if list_node is None and len(path) == 1:
        return lines.ended() + to_text({str(path[0]): [as_written(value)]}, 0)
    if not isinstance(list_node, yaml.SequenceNode):
        raise _no_place(path)
    if not list_node.value or list_node.flow_style:

        def change(holder: Any, step: Step) -> None:  # noqa: ANN401
            if holder[step]:
                holder[step].append(as_written(value))
            else:
                holder[step] = [as_written(value)]  # written in block style from now on

        return lines.changed(tuple(path), change)
    return lines.with_item(list_node, value)


def remove(text: str, path: Sequence[Step]) -> str:
    """Return the text without a key or a list item; comments above it stay.

    Raises:
        EditRefused: the text is no YAML, or there is no such place.
    """
    lines = _Lines(text)
    holder = lines.node(path[:-1])
    if holder is None or lines.node(path) is None:
        raise _no_place(path)
    if isinstance(holder, yaml.CollectionNode) and not holder.flow_style and len(holder.value) > 1:
        return lines.without(holder, path)
    if len(path) == 1:
        raise EditRefused(_("the last section cannot be removed"), path)

    def change(inner: Any, step: Step) -> None:  # noqa: ANN401
        del inner[step]

    return lines.changed(tuple(path), change, from_holder=True)


@dataclass(frozen=True, slots=True)
class _Slice:
    """Whole lines of the text, and the column in the first of them at which the value begins."""

    first: int
    end: int  # the line after the last
    column: int


class _Lines:
    """A text as lines, with its tree of nodes."""

    def __init__(self, text: str) -> None:
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._text = text.replace("\r\n", "\n")
        self._lines = self._text.split("\n")
        try:
            self._root = yaml.compose(self._text.removeprefix("\ufeff"), YAML_LOADER)
        except yaml.YAMLError:
            raise EditRefused(_("the file is not YAML now: correct its text first")) from None

    def ended(self) -> str:
        """Return the text with a line end at its end."""
        text = self._text if self._text.endswith("\n") or not self._text else self._text + "\n"
        return text.replace("\n", self._newline)

    def node(self, path: Sequence[Step]) -> yaml.Node | None:
        """Return the node at a path; None if there is none."""
        node: yaml.Node | None = self._root
        for step in path:
            node = _child(node, step)
        return node

    def changed(self, path: tuple[Step, ...], change: Callable[[Any, Step], None], *, from_holder: bool = False) -> str:
        """Write the innermost block-style child around a path again, after ``change`` of its data.

        Args:
            path: the place; the last step may be a key that a mapping does not have yet.
            change: gets the mapping or list that holds the last step, and that step.
            from_holder: the child that is written is at least the holder, because it may get empty.
        """
        deepest = len(path) - (1 if from_holder else 0)
        holder = self.node(path[:-1])
        if not isinstance(holder, yaml.CollectionNode) or isinstance(holder, yaml.SequenceNode) != isinstance(
            path[-1], int
        ):
            raise _no_place(path)
        if isinstance(holder, yaml.MappingNode) and self.node(path) is None and not from_holder:
            if not holder.flow_style and holder.value:
                return self._with_key(holder, path, change)
            deepest -= 1
        depth = 1
        while depth < deepest:
            inner = self.node(path[:depth])
            if not isinstance(inner, yaml.CollectionNode) or inner.flow_style or self.node(path[: depth + 1]) is None:
                break
            depth += 1
        if self.node(path[:depth]) is None:
            raise _no_place(path)
        slice_ = self._slice(path[:depth])
        fragment = load_fragment(self._cut(slice_))
        is_item = isinstance(path[depth - 1], int)
        child_data: Any = [fragment] if is_item else fragment
        steps: tuple[Step, ...] = (0 if is_item else path[depth - 1], *path[depth:])
        inner = child_data
        for step in steps[:-1]:
            inner = inner[step]
        change(inner, steps[-1])
        new_data = child_data[0] if is_item else child_data
        if not is_item and not new_data:
            return self.without(cast(yaml.CollectionNode, self.node(path[: depth - 1])), path[:depth])
        return self._spliced(slice_, new_data)

    def with_item(self, list_: yaml.SequenceNode, value: Data) -> str:
        """Return the text with an item after the last item of a list in block style, with the same distance."""
        last = list_.value[-1]
        dash = self._dash(last)
        end = _end_line(last) + 1
        column = self._lines[dash].index("-")
        set_off = len(list_.value) > 1 and not self._lines[dash - 1].strip()
        item_lines = to_text([as_written(value, model=last)], 0).splitlines()
        item_lines = [line.removeprefix("  ") for line in item_lines]
        indented_lines = [" " * column + line if line else line for line in item_lines]
        self._lines[end:end] = [""] * set_off + indented_lines
        return self._joined()

    def without(self, holder: yaml.CollectionNode, path: Sequence[Step]) -> str:
        """Return the text without one child of a block-style node that has more children."""
        if isinstance(holder, yaml.SequenceNode):
            first = self._dash(cast(yaml.Node, self.node(path)))
            end = _end_line(cast(yaml.Node, self.node(path))) + 1
            if first + 1 < len(self._lines) and end < len(self._lines):
                is_between_blank_lines = not self._lines[first - 1].strip() and not self._lines[end].strip()
                end += is_between_blank_lines  # so that one of two blank lines is removed
        else:
            slice_ = self._slice(path)
            first, end = slice_.first, slice_.end
            if self._lines[first][: slice_.column].strip():  # the first key behind a dash
                return self._without_first_key(path)
        del self._lines[first:end]
        return self._joined()

    def _without_first_key(self, path: Sequence[Step]) -> str:
        def change(inner: Any, step: Step) -> None:  # noqa: ANN401
            del inner[step]

        return self.changed(tuple(path), change, from_holder=True)

    def _with_key(self, holder: yaml.MappingNode, path: tuple[Step, ...], change: Callable[[Any, Step], None]) -> str:
        """Return the text with a key at the end of a block-style mapping, but in front of its long lists."""
        new_mapping: dict[str, Any] = {}
        change(new_mapping, path[-1])
        next_key = next((key for key, _value in holder.value[1:] if key.value in _LONG and path[-1] not in _LONG), None)
        column = holder.value[0][0].start_mark.column
        line = next_key.start_mark.line if next_key else _end_line(holder) + 1
        new_lines = [" " * column + text if text else text for text in to_text(new_mapping, column).splitlines()]
        self._lines[line:line] = new_lines
        return self._joined()

    def _slice(self, path: Sequence[Step]) -> _Slice:
        """Return the lines of a key with its value, or of a list item."""
        holder, node = self.node(path[:-1]), self.node(path)
        assert node is not None
        if isinstance(holder, yaml.MappingNode):
            key = next(key for key, _value in holder.value if key.value == path[-1])
            start = key.start_mark
        else:
            start = node.start_mark
        return _Slice(start.line, _end_line(node) + 1, start.column)

    def _cut(self, slice_: _Slice) -> str:
        first_line, *further_lines = self._lines[slice_.first : slice_.end]
        margin = " " * slice_.column
        return "\n".join([first_line[slice_.column :], *(line.removeprefix(margin) for line in further_lines)]) + "\n"

    def _spliced(self, slice_: _Slice, data: Any) -> str:  # noqa: ANN401 - what ruamel loaded
        """Put data in the place of a slice; write the comments that ruamel loses above it."""
        old_comments = comments(self._cut(slice_))
        new_lines = to_text(data, slice_.column).splitlines()
        lost_comments = [comment for comment in old_comments if comment not in comments("\n".join(new_lines))]
        margin = " " * slice_.column
        prefix = self._lines[slice_.first][: slice_.column]
        indented_lines = [prefix + new_lines[0], *(margin + line if line else line for line in new_lines[1:])]
        at_dash = margin if not prefix.strip() else " " * (len(prefix) - len(prefix.lstrip()))
        self._lines[slice_.first : slice_.end] = [*(at_dash + comment for comment in lost_comments), *indented_lines]
        return self._joined()

    def _dash(self, item: yaml.Node) -> int:
        """Return the line of the dash of a list item."""
        line, column = item.start_mark.line, item.start_mark.column
        while line >= 0:
            if "-" in self._lines[line][:column] and not self._lines[line].lstrip().startswith("#"):
                return cast(int, line)
            line, column = line - 1, 10_000
        raise EditRefused(_("this item cannot be edited in a form: edit the text"))

    def _joined(self) -> str:
        return self._newline.join(self._lines)


def _child(node: yaml.Node | None, step: Step) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        return cast(yaml.Node, node.value[step])
    return None


def _end_line(node: yaml.Node) -> int:
    """Return the last line of a node, from its leaves, because a block's end mark is after the comments that follow."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end_line(last[1] if isinstance(last, tuple) else last)
    return cast(int, node.end_mark.line)


def _no_place(path: Sequence[Step]) -> EditRefused:
    return EditRefused(_("there is no {path} in the file").format(path=".".join(map(str, path))), path)
