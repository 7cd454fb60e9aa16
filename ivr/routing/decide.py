"""Decides the plan of a call: ``(registry, dialled, caller, at, live) → plan``, with no I/O.

The rules come from 郴政办发〔2021〕22号, 二(一)1, and from the 7×24 promise: every plan comes to the pooled
agents, and behind them to a message.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import assert_never

from ivr.call_events.values import Reason
from ivr.registry.model import ChoiceKind, Line, Menu, Mode, Place, Registry
from ivr.routing.calendar import city_time
from ivr.routing.caller_choice import KeyChoice, NeedsHelp, SpokenChoice, WantsAgent, WantsLine
from ivr.routing.chain import chain, hotline
from ivr.routing.plan import (
    ANY_EMERGENCY,
    Agents,
    AskMenu,
    JoinService,
    Live,
    Message,
    OfferExpert,
    Plan,
    Say,
    Step,
    TellProgress,
)
from ivr.routing.protection import rejection
from ivr.routing.service import DUAL, SAYS_RECORDED, Service
from ivr.routing.spelling import caller_id, registered_form


def plan(registry: Registry, dialled: str, caller: str, at: datetime, live: Live) -> Plan:
    """Decide about a call that comes in.

    Args:
        registry: a registry that passed its check.
        dialled: the number as the carrier delivers it, in any spelling; hostile text counts as unregistered.
        caller: the caller's number as delivered; hostile text counts as withheld.
        at: the moment of the call, in any time zone.
        live: the seats that are signed in and free, and whether this caller is being offered to a center right now.

    Returns:
        A plan for every input. The last step is a `Message`; for a rejected caller it is a `Say`.
    """
    day = city_time(at).date()
    registered_numbers = {line.number for line in registry.lines}
    number = registered_form(registry.city, registered_numbers, dialled)
    entry = registry.entry(number, day)
    service = Service(registry, at, live)
    passed_lines = chain(registry, entry, day) if entry else (hotline(registry, day),)
    line = passed_lines[-1]
    steps: tuple[Step, ...]
    if refusal := rejection(registry, caller, day, live):
        steps = (refusal,)
    elif live.came_back:
        steps = service.pooled(service.general, line.expert is not None, "", Reason.CAME_BACK, line.place)
    elif entry is None:
        reason = Reason.NOT_IN_FORCE if number in registered_numbers else Reason.UNREGISTERED
        place = next(
            (other_entry.place for other_entry in reversed(registry.lines) if other_entry.number == number), None
        )
        steps = (Say((_no_entry(registry, number, day),), reason, place), *service.line(line, reason))
    elif entry.mode is Mode.MERGED:
        steps = service.merged(entry, line)
    else:
        steps = (*_notice(entry), *service.line(line, Reason.HOTLINE))
    numbers = tuple(passing.number for passing in passed_lines)
    if entry is None and number:
        numbers = (number, *numbers)
    return Plan(number, caller_id(caller), line, entry, numbers, _with_notice(steps), gap=entry is None, at=at)


def after_answer(
    registry: Registry, plan: Plan, menu: Menu, answer: SpokenChoice | KeyChoice, live: Live, *, notice_heard: bool
) -> tuple[Step, ...]:
    """Decide how a call goes on after its menu was answered, by key or by speech.

    Args:
        registry, plan, menu, live: as for `after_menu`.
        answer: the caller's answer to the menu.
        notice_heard: whether the caller heard that the call is recorded. An emergency does not wait for that notice.
    """
    if isinstance(answer, KeyChoice):
        steps = after_menu(registry, plan, menu, answer.key, live)
    else:
        steps = after_speech(registry, plan, menu, answer, live)
    return steps if notice_heard or isinstance(answer, NeedsHelp) else _with_notice(steps)


def after_menu(registry: Registry, plan: Plan, menu: Menu, key: str | None, live: Live) -> tuple[Step, ...]:
    """Decide how a call goes on after its menu; these steps replace the rest of the plan.

    Args:
        registry: the registry that ``plan`` was made from.
        plan: the call's plan.
        menu: the menu that was asked.
        key: the key that the caller pressed; None for silence or after three failures. An unknown key, like
            silence, leads to the menu's human group.
        live: the seats that are signed in and free now.

    Returns:
        The steps; the last is always a `Message`.
    """
    service = Service(registry, plan.at, live)
    choice = next((choice for choice in menu.choices if choice.key == key), None)
    if choice is None:
        return service.silence(menu) if key is None else service.transfer(menu.human, "", Reason.NO_CHOICE, menu.place)
    match choice.kind:
        case ChoiceKind.GROUP | ChoiceKind.DIALECT:
            return service.transfer(choice.target or menu.human, choice.topic, Reason.MENU, choice.place)
        case ChoiceKind.PROGRESS:
            agents = service.transfer(choice.target or menu.human, choice.topic, Reason.MENU, choice.place)
            return (TellProgress(Reason.MENU, choice.place), *agents)
        case ChoiceKind.EMERGENCY:
            return service.urgent(choice.target or menu.human, ANY_EMERGENCY, choice.place)
        case ChoiceKind.REPEAT | ChoiceKind.SLOW:
            repeated = AskMenu(menu.name, (), Reason.MENU, choice.place, slow=choice.kind is ChoiceKind.SLOW)
            return (repeated, *service.silence(menu))
        case ChoiceKind.LINE:
            return _onward(service, plan, menu, choice.target or "", choice.topic, Reason.MENU, choice.place)
        case _ as never:
            assert_never(never)


def after_speech(registry: Registry, plan: Plan, menu: Menu, choice: SpokenChoice, live: Live) -> tuple[Step, ...]:
    """Return the steps after a caller named a target; as `after_menu`, which takes the choice of a key."""
    service = Service(registry, plan.at, live)
    match choice:
        case WantsLine():
            return _onward(service, plan, menu, choice.number, choice.topic, Reason.SPOKEN, menu.place)
        case WantsAgent():
            return service.transfer(menu.human, choice.topic, choice.reason, menu.place)
        case NeedsHelp():
            return _urgent(service, menu, choice)


def _onward(
    service: Service, plan: Plan, menu: Menu, number: str, topic: str, reason: Reason, place: Place
) -> tuple[Step, ...]:
    """Return the steps from a menu to a line, or to the line into which it is merged."""
    day = city_time(plan.at).date()
    entry = service.registry.entry(number, day)
    line = chain(service.registry, entry, day)[-1] if entry else plan.line
    if line.mode is Mode.HOTLINE:  # the caller is in its menu already
        return service.transfer(menu.human, topic, reason, place)
    # The notice of a dual line is left out: it says "you dialled …", and this caller dialled another number.
    notice = _notice(line) if line.mode is Mode.SUBCENTER else (Say(("transferring",), reason, place),)
    steps = service.line(line, reason, topic)
    return (*notice, *(replace(step, line=line) if isinstance(step, Message) else step for step in steps))


def _urgent(service: Service, menu: Menu, choice: NeedsHelp) -> tuple[Step, ...]:
    """Return the steps of an emergency: the service itself if that is sure, and the next free agent.

    If no agent comes, the caller hears the number to dial (国办发〔2022〕12号: 一键转接 if the emergency is clear,
    三方通话 if it is not).
    """
    steps = service.urgent(menu.human, choice.number, menu.place)
    if not choice.sure:
        return steps
    group = next((step.group for step in steps if isinstance(step, Agents)), None)
    *_waiting, alone, message = steps
    join = JoinService(choice.number, group, Reason.EMERGENCY, menu.place)
    return (join, alone, replace(message, reason=Reason.FALLBACK))


def _with_notice(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Add the notice of recording (通话将被录音) before the first offer to a seat, unless an earlier step has it.

    An emergency does not wait for the notice.
    """
    for position, step in enumerate(steps):
        match step:
            case AskMenu():
                break
            case Agents() if step.emergency:
                break
            case Say(prompts=prompts) if SAYS_RECORDED.intersection(prompts):
                break
            case OfferExpert() | Agents():
                notice = Say(("recorded",), Reason.RECORDED, step.place)
                return (*steps[:position], notice, *steps[position:])
    return steps


def _no_entry(registry: Registry, number: str, day: date) -> str:
    """Return the prompt for a number that has no entry for this day."""
    entries = [line for line in registry.lines if line.number == number]
    if not entries:
        return "unregistered"
    has_begun = any((line.valid_from or day) <= day for line in entries)
    return "number-closed" if has_begun else "number-not-yet"


def _notice(line: Line) -> tuple[Say, ...]:
    """Return the first notice for a caller who dialled ``line``; the hotline's opening is part of its menu."""
    if line.mode is Mode.DUAL:
        return (Say((DUAL,), Reason.DUAL, line.place),)
    if line.mode is Mode.SUBCENTER:
        return (Say(("center-connecting",), Reason.SUBCENTER, line.place),)
    return ()
