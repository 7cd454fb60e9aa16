"""A plan as plain data, with its reasons in words, for ``ivr route``."""

from dataclasses import dataclass
from typing import TypedDict, assert_never

from ivr.registry.model import Choice, Registry
from ivr.routing.calendar import city_time
from ivr.routing.decide import after_menu
from ivr.routing.pace import patience
from ivr.routing.plan import (
    Agents,
    AskMenu,
    JoinService,
    Live,
    Message,
    OfferCenter,
    OfferExpert,
    Plan,
    Say,
    Step,
    TellProgress,
)
from ivr.routing.plan_wording import NO_WORDS, Words, reason, text, where
from ivr.routing.ringing import NO_LENGTHS, Lengths, seconds_until_ringing


class StepData(TypedDict):
    """One step as data; every key is always there."""

    do: str  # say, ask-menu, offer-expert, offer-center, agents, join-service or message
    text: str  # the step in words
    target: str | None  # menu, group, or the digits dialled through the carrier
    seconds: int | None  # the longest time of the step; None if there is no limit
    prompts: list[str]
    slow: bool  # the prompts are played slowly from here on
    needs_expert: bool
    topic: str
    why: str  # one word, a `Reason`
    reason: str  # the reason in words
    at: str | None  # "numbers.yaml:57"; None if the step does not follow from a line of the file


class BranchData(TypedDict):
    """The steps of a menu key."""

    key: str
    topic: str
    rings_after: float | None  # seconds from the key until a human's phone rings; None if that is not known
    steps: list[StepData]


class PlanData(TypedDict):
    """A plan as data; every key is always there."""

    dialled: str
    caller: str
    line: str  # number of the line whose service the call gets
    name: str  # name, mode and unit of the number dialled; "" if it is unregistered
    mode: str
    unit: str
    chain: list[str]
    gap: bool
    time: str  # ISO 8601, the city's time
    rings_after: float | None  # seconds until a human's phone rings if the caller does nothing; None if not known
    steps: list[StepData]
    menu: list[BranchData]  # empty if no menu is asked


@dataclass(frozen=True, slots=True)
class Branch:
    """A menu key and the steps that it leads to."""

    choice: Choice
    steps: tuple[Step, ...]


def everybody(registry: Registry) -> Live:
    """Return a state in which all groups are signed in and free, so that the plan shows every step."""
    groups = frozenset(registry.groups)
    return Live(signed_in=groups, free=groups)


def branches(registry: Registry, plan: Plan, live: Live) -> tuple[Branch, ...]:
    """Return each key of the plan's menu with its steps; none if the plan asks no menu."""
    menu_step = next((step for step in plan.steps if isinstance(step, AskMenu)), None)
    if menu_step is None:
        return ()
    menu = registry.menus[menu_step.menu]
    return tuple(Branch(choice, after_menu(registry, plan, menu, choice.key, live)) for choice in menu.choices)


def as_data(
    registry: Registry, plan: Plan, live: Live, words: Words = NO_WORDS, lengths: Lengths = NO_LENGTHS
) -> PlanData:
    """Return the plan as plain data with stable keys, fit for JSON.

    Args:
        registry: the registry that ``plan`` was made from.
        plan: the plan.
        live: the groups that have seats signed in and free; they decide the menu's branches.
        words: the text of each prompt, by prompt id; a prompt that is not in it is shown by its id.
        lengths: the seconds of each prompt.
    """
    entry = plan.entry
    return PlanData(
        dialled=plan.dialled,
        caller=plan.caller,
        line=plan.line.number,
        name=entry.name if entry else "",
        mode=entry.mode.value if entry else "",
        unit=entry.unit if entry else "",
        chain=list(plan.chain),
        gap=plan.gap,
        time=city_time(plan.at).isoformat(timespec="seconds"),
        rings_after=_rounded(seconds_until_ringing(registry, plan.steps, lengths)),
        steps=[_step_data(registry, step, words) for step in plan.steps],
        menu=[
            BranchData(
                key=branch.choice.key,
                topic=branch.choice.topic,
                rings_after=_rounded(seconds_until_ringing(registry, branch.steps, lengths)),
                steps=[_step_data(registry, step, words) for step in branch.steps],
            )
            for branch in branches(registry, plan, live)
        ],
    )


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _step_data(registry: Registry, step: Step, words: Words) -> StepData:
    step_data = StepData(
        do="",
        text=text(registry, step, words),
        target=None,
        seconds=None,
        prompts=[],
        slow=False,
        needs_expert=False,
        topic="",
        why=step.reason.value,
        reason=reason(step),
        at=where(step.place),
    )
    match step:
        case Say():
            step_data.update({"do": "say", "prompts": list(step.prompts)})
        case AskMenu():
            prompts = [*step.opening, registry.menus[step.menu].prompt]
            seconds = registry.timers.menu * patience(slow=step.slow)
            step_data.update({"do": "ask-menu", "target": step.menu, "seconds": seconds, "prompts": prompts})
            step_data["slow"] = step.slow
        case OfferExpert():
            step_data.update({"do": "offer-expert", "target": step.group, "seconds": step.seconds, "topic": step.topic})
        case OfferCenter():
            step_data.update({"do": "offer-center", "target": step.reach, "seconds": step.seconds})
        case Agents():
            step_data.update(
                {"do": "agents", "target": step.group, "needs_expert": step.needs_expert, "topic": step.topic}
            )
        case JoinService():
            step_data.update({"do": "join-service", "target": step.number})
        case TellProgress():
            step_data.update({"do": "tell-progress", "prompts": ["order-ask"]})
        case Message():
            step_data.update({"do": "message", "seconds": registry.timers.message})
        case _:
            assert_never(step)
    return step_data
