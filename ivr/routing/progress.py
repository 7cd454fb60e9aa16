"""The progress of a call, as a text on its channel: if a script dies, the next script goes on from there.

A step that was started is not repeated, because Asterisk ends it by itself: a prompt is played out, a phone rings on.
"""

from dataclasses import dataclass, replace
from typing import assert_never
from urllib.parse import parse_qsl, urlencode

from ivr.call_events.values import Reason
from ivr.registry.model import Registry
from ivr.routing import decide
from ivr.routing.caller_choice import NeedsHelp, Pressed, WantsAgent, WantsLine, Wish
from ivr.routing.plan import Agents, AskMenu, JoinService, Live, Message, OfferCenter, OfferExpert, Plan, Say, Step

_END, _NOT_ENDED = "end", "none"
"""The field in which the dialplan adds how the last offer ended, and its word for an offer that did not end."""
_OFFERS = frozenset({"expert", "center", "agents", "join"})
"""Names of the steps that offer the call to somebody."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of one call."""

    menu: str = ""  # the menu that was answered last; "" for none
    answer: Wish | Pressed | None = None  # what the caller answered there
    notice_heard: bool = True  # whether the caller heard by then that the call is recorded
    said: str = ""  # what the phones show of the caller's own words there
    slow: bool = False  # the caller asked for slow prompts
    started_steps: tuple[str, ...] = ()  # the steps since the menu, in order

    def answered(self, menu: str, answer: Wish | Pressed, *, notice_heard: bool, said: str = "") -> "Progress":
        """Return the progress of a caller who has just answered a menu, by words of which the phones show ``said``."""
        return Progress(menu, answer, notice_heard and self.notice_heard, said, self.slow)

    def start_step(self, step: Step) -> "Progress":
        """Return the progress of a call in which ``step`` starts now."""
        slow = self.slow or (isinstance(step, AskMenu) and step.slow)
        return replace(self, started_steps=(*self.started_steps, _name(step)), slow=slow)

    @property
    def was_offered(self) -> bool:
        """Whether the step started last offers the call to somebody."""
        return bool(self.started_steps) and self.started_steps[-1] in _OFFERS


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
        case Pressed(key):
            fields |= {"key": key or ""}
        case WantsLine(number, topic):
            fields |= {"line": number, "topic": topic}
        case WantsAgent(topic, why):
            fields |= {"why": why, "topic": topic}
        case NeedsHelp(number, sure):
            fields |= {"help": number, "sure": "1" if sure else ""}
    return urlencode(fields)


def from_text(text: str) -> Progress:
    """Read what `to_text` wrote, with ``&end=`` and the last offer's end behind it. Any other text is no progress."""
    fields = dict(parse_qsl(text, keep_blank_values=True))
    try:
        answer: Wish | Pressed | None = None
        if "key" in fields:
            answer = Pressed(fields["key"] or None)
        elif "line" in fields:
            answer = WantsLine(fields["line"], fields["topic"])
        elif "why" in fields:
            answer = WantsAgent(fields["topic"], Reason(fields["why"]))
        elif "help" in fields:
            answer = NeedsHelp(fields["help"], sure=fields["sure"] == "1")
        started = fields.get("started", "").split()
        if started and started[-1] in _OFFERS and fields.get(_END, _NOT_ENDED) == _NOT_ENDED:
            started.pop()  # the script died before the offer
        return Progress(
            menu=fields.get("menu", ""),
            answer=answer,
            notice_heard="unheard" not in fields,
            said=fields.get("said", ""),
            slow="slow" in fields,
            started_steps=tuple(started),
        )
    except (KeyError, ValueError):
        return Progress()


def steps_left(registry: Registry, plan: Plan, progress: Progress, live: Live) -> tuple[Step, ...]:
    """Return the steps of ``plan`` that are still to come.

    Args:
        registry: the registry that ``plan`` was made from; maybe not that of the script before.
        plan: the call's plan, as made now.
        progress: how far the call has come.
        live: which seats are signed in and free now.

    Returns:
        The steps; the last is always a `Message`. A menu that was started is asked again, without its opening.
    """
    steps = plan.steps
    if progress.answer is not None and progress.menu in registry.menus:
        menu = registry.menus[progress.menu]
        steps = decide.after_answer(registry, plan, menu, progress.answer, live, notice_heard=progress.notice_heard)
    return tuple(left for step in steps if (left := _left(step, progress.started_steps)) is not None)


def _left(step: Step, started: tuple[str, ...]) -> Step | None:
    if _name(step) not in started or isinstance(step, Message):
        return step
    return replace(step, opening=()) if isinstance(step, AskMenu) else None


def _name(step: Step) -> str:
    match step:
        case Say(prompts=prompts):
            return f"say-{prompts[0]}"
        case AskMenu(menu=menu):
            return f"menu-{menu}"
        case OfferExpert():
            return "expert"
        case OfferCenter():
            return "center"
        case Agents():
            return "agents"
        case JoinService():
            return "join"
        case Message():
            return "message"
        case _:
            assert_never(step)
