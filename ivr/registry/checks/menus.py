"""Checks of menus: every key leads to an existing target, and silence leads to a human."""

from typing import assert_never

from ivr.registry.draft import Draft, Entry
from ivr.registry.model import Choice, ChoiceKind, Mode
from ivr.registry.problems import Problems
from ivr.registry.quoting import shown, with_nearest
from ivr.texts import _


def check(draft: Draft, problems: Problems) -> None:
    """Check the menus' targets."""
    for menu in draft.menus.values():
        if menu.value.human not in draft.declared.groups:
            message = _("human: there is no group {name}").format(name=shown(menu.value.human))
            problems.add(menu.at("human"), with_nearest(message, menu.value.human, draft.declared.groups))
    for choices in draft.choices.values():
        for choice in choices:
            target = choice.value.target or ""
            match choice.value.kind:
                case ChoiceKind.GROUP | ChoiceKind.DIALECT | ChoiceKind.PROGRESS | ChoiceKind.EMERGENCY as kind:
                    if target not in draft.declared.groups:
                        message = _("{key}: there is no group {name}").format(key=kind.value, name=shown(target))
                        problems.add(choice.at(kind.value), with_nearest(message, target, draft.declared.groups))
                case ChoiceKind.LINE:
                    _line(choice, target, draft, problems)
                case ChoiceKind.REPEAT | ChoiceKind.SLOW:
                    pass
                case _ as never:
                    assert_never(never)


def _line(choice: Entry[Choice], target: str, draft: Draft, problems: Problems) -> None:
    entries = [entry.value for entry in draft.lines if entry.value.number == target]
    if draft.declared.lacks_line(target):
        message = _("line: {number} is not registered").format(number=shown(target))
        problems.add(choice.at("line"), with_nearest(message, target, draft.declared.numbers))
    elif not entries or target in draft.broken_numbers:
        return
    elif all(line.valid_until for line in entries):
        last = max(line.valid_until for line in entries if line.valid_until)
        message = _("line: {number} is not in force after {last}, and the key would lead nowhere")
        problems.add(choice.at("line"), message.format(number=target, last=last))
    elif any(line.mode is Mode.HOTLINE or line.mode is Mode.MERGED for line in entries if line.valid_until is None):
        message = _("line: {number} would lead back to the hotline and its menu; name a group, or the line it ends at")
        problems.add(choice.at("line"), message.format(number=target))
