"""Compare the keys that a menu's prompt names with the keys that the menu has."""

import re
from collections.abc import Mapping

from ivr.registry.model import ChoiceKind, Menu, Registry
from ivr.registry.problems import Problem
from ivr.registry.quoting import shown
from ivr.texts import _

OPENING = "opening"  # the prompt before the menu

_KEY = re.compile(r"按\s*(?:下|数字)?\s*([0-9０-９零一二三四五六七八九]|[*＊]|星号|米字|[#＃]|井号)")
_DIGITS = str.maketrans("０１２３４５６７８９零一二三四五六七八九", "01234567890123456789")
_SIGNS = {"*": "*", "＊": "*", "星号": "*", "米字": "*", "#": "#", "＃": "#", "井号": "#"}


def named_keys(text: str) -> tuple[str, ...]:
    """Return the keys that a prompt's text names, in their order: 反映问题请按1；重听请按星号 gives 1 and *."""
    return tuple(dict.fromkeys(_SIGNS.get(key) or key.translate(_DIGITS) for key in _KEY.findall(text)))


def warnings(registry: Registry, texts: Mapping[str, str | None]) -> tuple[Problem, ...]:
    """Return the differences between each menu's keys and the keys that its recording names.

    Args:
        registry: the registry.
        texts: prompt id → the words of its recording; None or absent if they are not known.
    """
    opening = texts.get(OPENING) or ""
    return tuple(
        warning for menu in registry.menus.values() for warning in _menu_warnings(menu, texts.get(menu.prompt), opening)
    )


def _menu_warnings(menu: Menu, text: str | None, opening: str) -> tuple[Problem, ...]:
    if text is None:
        message = _(
            "menu {menu}: the words of the recording {prompt} are not known, so its keys cannot be compared "
            'with the menu\'s; name the words: ivr prompts import FILE {prompt} --text "…"'
        )
        return (Problem(menu.place, message.format(menu=menu.name, prompt=menu.prompt)),)
    named_by_prompt, kinds = named_keys(text), {choice.key: choice.kind for choice in menu.choices}
    messages = []
    in_opening = named_keys(opening)  # which names the emergency key, so that no caller waits for the menu
    # The prompt need not name the dialect key, because a caller who needs it does not understand the prompt. If the
    # prompt names the slow key, it need not name the repeat key, because a slow menu is a repetition, too.
    needless = {ChoiceKind.DIALECT}
    if any(kinds.get(key) is ChoiceKind.SLOW for key in named_by_prompt):
        needless.add(ChoiceKind.REPEAT)
    spoken_keys = (*named_by_prompt, *in_opening)
    if unnamed := [key for key, kind in kinds.items() if key not in spoken_keys and kind not in needless]:
        message = _("menu {menu}: callers do not hear of these keys: {keys}; the recording {prompt} says {text}")
        messages.append(
            message.format(menu=menu.name, keys=", ".join(unnamed), prompt=menu.prompt, text=shown(text, 200))
        )
    if unknown := [key for key in spoken_keys if key not in kinds]:
        message = _(
            "menu {menu}: callers hear of keys that the menu does not have: {keys}; the recording {prompt} says {text}"
        )
        words = text if set(unknown) <= set(named_by_prompt) else opening + text
        messages.append(
            message.format(menu=menu.name, keys=", ".join(unknown), prompt=menu.prompt, text=shown(words, 200))
        )
    return tuple(Problem(menu.place, message) for message in messages)
