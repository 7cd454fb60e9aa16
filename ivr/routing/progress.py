"""The progress of a call, as a text on its channel, with which the next script goes on if a script left or died.

A started step is not repeated, because Asterisk ends it without a script: a prompt plays to its end, a phone rings on.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from urllib.parse import parse_qsl, urlencode

from ivr.call_events.values import Reason
from ivr.registry.model import GroupKind, Registry
from ivr.routing import decide
from ivr.routing.caller_choice import KeyChoice, NeedsHelp, SpokenChoice, WantsAgent, WantsLine
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

_END, _NOT_ENDED = "end", "none"
"""The field in which the dialplan adds how the last offer ended, and its word for an offer that did not end."""


class OfferName(StrEnum):
    """The names of the steps that offer the call to group, expert or center."""

    EXPERT = "expert"
    CENTER = "center"
    AGENTS = "agents"
    JOIN = "join"


_MENU = "menu-"
_OFFERS = frozenset(map(str, OfferName))


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of one call."""

    menu: str = ""  # the menu that was answered last; "" for none
    answer: SpokenChoice | KeyChoice | None = None  # the caller's answer at the menu
    notice_heard: bool = True  # whether the caller heard by then that the call is recorded
    said: str = ""  # the caller's words at the menu, to be shown on phones
    slow: bool = False  # the caller asked for slow prompts
    started_steps: tuple[str, ...] = ()  # the steps since the menu, in order
    offer_end: str = ""  # Asterisk's result of the last started offer; "" if the last started step was no offer

    def answered(
        self, menu: str, answer: SpokenChoice | KeyChoice, *, notice_heard: bool, said: str = ""
    ) -> "Progress":
        """Return the progress of a caller who has just answered a menu; phones show the words ``said``."""
        return Progress(menu, answer, notice_heard and self.notice_heard, said, self.slow)

    def start_step(self, step: Step) -> "Progress":
        """Return the progress of a call in which ``step`` starts now."""
        slow = self.slow or (isinstance(step, AskMenu) and step.slow)
        return replace(self, started_steps=(*self.started_steps, _name(step)), slow=slow, offer_end="")

    @property
    def last_offer(self) -> OfferName | None:
        """The step started last if it is an offer, else None."""
        last = self.started_steps[-1] if self.started_steps else ""
        return OfferName(last) if last in _OFFERS else None

    @property
    def asked_menu(self) -> str:
        """The menu of the step that was started last; "" if that step is no menu."""
        last = self.started_steps[-1] if self.started_steps else ""
        return last.removeprefix(_MENU) if last.startswith(_MENU) else ""

    @property
    def asked_for_help(self) -> bool:
        """Whether the caller reported an emergency."""
        return isinstance(self.answer, NeedsHelp)


def to_text(progress: Progress) -> str:
    """Return the progress in ``[A-Za-z0-9_.~%=&+-]``, which any part of Asterisk takes."""
    fields = {"menu": progress.menu, "started": " ".join(progress.started_steps)}
    if not progress.notice_heard:
        fields["unheard"] = ""
    if progress.said:
        fields["said"] = progress.said
    if progress.slow:
        fields["slow"] = ""
    match progress.answer:
        case KeyChoice(key):
            fields |= {"key": key or ""}
        case WantsLine(number, topic):
            fields |= {"line": number, "topic": topic}
        case WantsAgent(topic, reason):
            fields |= {"why": reason, "topic": topic}
        case NeedsHelp(number, sure):
            fields |= {"help": number, "sure": "1" if sure else ""}
    return urlencode(fields)


def from_text(text: str) -> Progress:
    """Read the text of `to_text`, with ``&end=`` and the last offer's end behind it. Any other text is no progress."""
    fields = dict(parse_qsl(text, keep_blank_values=True))
    try:
        answer: SpokenChoice | KeyChoice | None = None
        if "key" in fields:
            answer = KeyChoice(fields["key"] or None)
        elif "line" in fields:
            answer = WantsLine(fields["line"], fields["topic"])
        elif "why" in fields:
            answer = WantsAgent(fields["topic"], Reason(fields["why"]))
        elif "help" in fields:
            answer = NeedsHelp(fields["help"], sure=fields["sure"] == "1")
        started_steps, end = fields.get("started", "").split(), fields.get(_END, _NOT_ENDED)
        was_offered = bool(started_steps) and started_steps[-1] in _OFFERS
        if was_offered and end == _NOT_ENDED:
            started_steps.pop()  # the script died before the offer
            was_offered = False
        return Progress(
            menu=fields.get("menu", ""),
            answer=answer,
            notice_heard="unheard" not in fields,
            said=fields.get("said", ""),
            slow="slow" in fields,
            started_steps=tuple(started_steps),
            offer_end=end if was_offered else "",
        )
    except (KeyError, ValueError):
        return Progress()


def steps_left(registry: Registry, plan: Plan, progress: Progress, live: Live) -> tuple[Step, ...]:
    """Return the steps of ``plan`` that are still to come.

    Args:
        registry: the registry of ``plan``; it may differ from the registry of the earlier script.
        plan: the call's plan, as made now.
        progress: how far the call has come.
        live: the seats that are signed in and free now.

    Returns:
        The steps after the last started step; the last is always a `Message`. A started menu is asked again, without
        its opening.
    """
    steps = plan.steps
    if progress.answer is not None and progress.menu in registry.menus:
        menu = registry.menus[progress.menu]
        steps = decide.after_answer(registry, plan, menu, progress.answer, live, notice_heard=progress.notice_heard)
    started_positions = [position for position, step in enumerate(steps) if _name(step) in progress.started_steps]
    steps_from_last_started = steps[started_positions[-1] :] if started_positions else steps
    return tuple(
        remaining_step
        for step in steps_from_last_started
        if (remaining_step := _left(step, progress.started_steps)) is not None
    )


def live_for_progress(registry: Registry, progress: Progress, live: Live) -> Live:
    """Return the state for which to make the plan again of a call that has come so far.

    A call that was offered to an expert goes on after that offer. The expert has to count as free, because the plan
    would otherwise lack the offer if the expert's phone is busy or away by now.
    """
    if OfferName.EXPERT not in progress.started_steps:
        return live
    experts = {name for name, group in registry.groups.items() if group.kind is GroupKind.EXPERT}
    return replace(live, signed_in=live.signed_in | experts, free=live.free | experts)


def _left(step: Step, started_steps: tuple[str, ...]) -> Step | None:
    if _name(step) not in started_steps or isinstance(step, Message):
        return step
    return replace(step, opening=()) if isinstance(step, AskMenu) else None


def _name(step: Step) -> str:  # noqa: PLR0911 - one name for each kind of step
    match step:
        case Say(prompts=prompts):
            return f"say-{prompts[0]}"
        case AskMenu(menu=menu):
            return _MENU + menu
        case OfferExpert():
            return OfferName.EXPERT
        case OfferCenter():
            return OfferName.CENTER
        case Agents():
            return OfferName.AGENTS
        case JoinService():
            return OfferName.JOIN
        case TellProgress():
            return "tell-progress"
        case Message():
            return "message"
        case _:
            assert_never(step)
