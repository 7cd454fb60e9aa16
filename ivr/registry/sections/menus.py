"""Keypad menus."""

from ivr.registry import field_types
from ivr.registry.draft import Draft, Entry
from ivr.registry.fields import Fields
from ivr.registry.model import Choice, ChoiceKind, Menu, Place
from ivr.registry.sections.phrases import collect_phrases, read_phrases
from ivr.texts import _


def read_menus(top: Fields, draft: Draft) -> None:
    """Read the mapping `menus`."""
    draft.declared.menus = top.names("menus")
    for name, place, fields in top.named("menus", field_types.key_name):
        prompt = fields.need("prompt", field_types.prompt)
        human = fields.need("human", field_types.key_name)
        choices = _choices(fields, name, place, draft)
        draft.choices[name] = choices
        if fields.done() and prompt is not None and human is not None:
            menu = Menu(name, prompt, tuple(choice.value for choice in choices), human, place)
            draft.menus[name] = Entry(menu, fields)


def _choices(menu: Fields, name: str, place: Place, draft: Draft) -> list[Entry[Choice]]:
    menu.require("keys")
    choices: list[Entry[Choice]] = []
    key_places: dict[str, Place] = {}
    has_all_choices = True
    for fields in menu.entries("keys"):
        key = fields.need("key", field_types.menu_key)
        if key in key_places:
            message = _("key: {key} is used twice in this menu; the first is on line {line}")
            fields.refuse(fields.at("key"), message.format(key=key, line=key_places[key].line))
        elif key is not None:
            key_places[key] = fields.at("key")
        choice = _choice(fields, key, name, draft)
        if choice:
            choices.append(Entry(choice, fields))
        else:
            has_all_choices = False
    if has_all_choices and not any(choice.value.kind is ChoiceKind.GROUP for choice in choices):
        menu.refuse(place, _("no key of this menu leads to a human: give one key a group, as 0 in most menus"))
    return choices


def _choice(fields: Fields, key: str | None, menu: str, draft: Draft) -> Choice | None:
    group = fields.maybe("group", field_types.key_name)
    line = fields.maybe("line", field_types.line_number)
    repeat = fields.maybe("repeat", field_types.yes)
    slow = fields.maybe("slow", field_types.yes)
    dialect = fields.maybe("dialect", field_types.key_name)
    progress = fields.maybe("progress", field_types.key_name)
    emergency = fields.maybe("emergency", field_types.key_name)
    topic = fields.maybe("topic", field_types.name)
    phrases = read_phrases(fields, "phrases")
    kinds = [kind for kind in ChoiceKind if fields.has(kind.value)]
    if len(kinds) != 1:
        fields.refuse(
            fields.place,
            _("a menu key does one thing: group, line, repeat, slow, dialect, progress or emergency"),
        )
    elif kinds[0] in (ChoiceKind.REPEAT, ChoiceKind.SLOW):
        if fields.has("topic"):
            fields.refuse(fields.at_key("topic"), _("topic: a key that repeats or slows the menu has no topic"))
    else:
        fields.require("topic")
    if not fields.done() or key is None:
        return None
    collect_phrases(draft, phrases, _("key {key} of menu {menu}").format(key=key, menu=menu), menu=menu)
    if repeat or slow:
        return Choice(key, kinds[0], None, "", fields.place, tuple(phrases))
    return Choice(
        key, kinds[0], group or line or dialect or progress or emergency, topic or "", fields.place, tuple(phrases)
    )
