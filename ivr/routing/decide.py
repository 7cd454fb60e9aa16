"""What happens to a call: ``(registry, dialled, caller, at, live) → plan``, with no I/O.

The rules are those of 郴政办发〔2021〕22号, 二(一)1, and of the 7×24 promise: every plan comes to the pooled
agents, and behind them to a message.
"""

from datetime import datetime

from ivr.registry.model import ChoiceKind, Line, Menu, Mode, Registry
from ivr.routing.calendar import city_time
from ivr.routing.chain import chain, hotline
from ivr.routing.plan import AskMenu, Live, Plan, Say, Step, Why
from ivr.routing.service import Service
from ivr.routing.spelling import caller_id, registered_form


def plan(registry: Registry, dialled: str, caller: str, at: datetime, live: Live) -> Plan:
    """Decide about a call that comes in.

    Args:
        registry: a registry that passed its check.
        dialled: the number as the carrier delivers it, in any spelling; hostile text counts as unregistered.
        caller: the caller's number as delivered; hostile text counts as withheld.
        at: the moment of the call, in any time zone.
        live: who is signed in and free, and whether this caller is being offered to a center right now.

    Returns:
        A plan for every input; the last step is always a `Message`.
    """
    day = city_time(at).date()
    known = {line.number for line in registry.lines}
    number = registered_form(registry.city, known, dialled)
    entry = registry.entry(number, day)
    service = Service(registry, at, live)
    passed = chain(registry, entry, day) if entry else (hotline(registry, day),)
    line = passed[-1]
    steps: tuple[Step, ...]
    if live.came_back:
        steps = service.pooled(service.general, line.expert is not None, "", Why.CAME_BACK, line.place)
    elif entry is None:
        why = Why.NOT_IN_FORCE if number in known else Why.UNREGISTERED
        place = next((old.place for old in reversed(registry.lines) if old.number == number), None)
        steps = (Say(("unregistered",), why, place), *service.line(line, why))
    elif entry.mode is Mode.MERGED:
        steps = (Say(("merged",), Why.MERGED, entry.place), *service.line(line, Why.CHAIN))
    else:
        steps = (*_notice(entry), *service.line(line, Why.HOTLINE))
    numbers = tuple(passing.number for passing in passed)
    if entry is None and number:
        numbers = (number, *numbers)
    return Plan(number, caller_id(caller), line, entry, numbers, steps, gap=entry is None, at=at)


def after_menu(registry: Registry, plan: Plan, menu: Menu, key: str | None, live: Live) -> tuple[Step, ...]:
    """Decide how a call goes on after its menu; these steps replace the rest of the plan.

    Args:
        registry: the registry that ``plan`` was made from.
        plan: the call's plan.
        menu: the menu that was asked.
        key: what the caller pressed; None for silence or after three failures. An unknown key, like
            silence, leads to the menu's human group.
        live: who is signed in and free by now.

    Returns:
        The steps; the last is always a `Message`.
    """
    service = Service(registry, plan.at, live)
    choice = next((choice for choice in menu.choices if choice.key == key), None)
    if choice is None:
        return service.transfer(menu.human, "", Why.NO_CHOICE, menu.place)
    if choice.kind is ChoiceKind.GROUP and choice.target is not None:
        return service.transfer(choice.target, choice.topic, Why.MENU, choice.place)
    if choice.kind is ChoiceKind.REPEAT:
        again = AskMenu(menu.name, (), Why.MENU, choice.place)
        return (again, *service.transfer(menu.human, "", Why.NO_CHOICE, menu.place))
    day = city_time(plan.at).date()
    entry = registry.entry(choice.target or "", day)
    line = chain(registry, entry, day)[-1] if entry else plan.line
    if line.mode is Mode.HOTLINE:  # the caller is in its menu already
        return service.transfer(menu.human, choice.topic, Why.MENU, choice.place)
    # The notice of a dual line says "you dialled …", which this caller did not.
    notice = _notice(line) if line.mode is Mode.SUBCENTER else (Say(("transferring",), Why.MENU, choice.place),)
    return (*notice, *service.line(line, Why.MENU, choice.topic))


def _notice(line: Line) -> tuple[Say, ...]:
    """Return what a caller who dialled ``line`` hears first; the hotline's opening is part of its menu."""
    if line.mode is Mode.DUAL:
        digits = (f"phone/{digit}" for digit in line.number)
        return (Say(("dual-1", *digits, "dual-2"), Why.DUAL, line.place),)
    if line.mode is Mode.SUBCENTER:
        return (Say(("center-connecting",), Why.SUBCENTER, line.place),)
    return ()
