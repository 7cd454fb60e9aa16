"""How far a call has come, as a text that stays with the call: where one script died, another goes on from there.

What was begun is not begun again, for Asterisk ends it by itself: a prompt is played out, a phone rings on.
"""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from ivr.call_events.values import Reason
from ivr.registry.model import Registry
from ivr.routing import decide
from ivr.routing.caller_choice import NeedsHelp, Pressed, WantsAgent, WantsLine, Wish
from ivr.routing.plan import Agents, AskMenu, JoinService, Live, Message, OfferCenter, OfferExpert, Plan, Say, Step

_ENDS = {"expert": "queue", "agents": "queue", "center": "dial", "join": "dial"}
"""Where the text says how an offer ended, that was begun last; added by whoever knows it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been settled and begun of one call."""

    menu: str = ""  # the menu that was answered last; "" for none
    answer: Wish | Pressed | None = None  # ... and what the caller wanted
    told: bool = True  # ... and whether the caller heard that the call is recorded
    said: str = ""  # ... and what the phones show of the caller's own words
    slow: bool = False  # the caller asked for slow prompts
    begun: tuple[str, ...] = ()  # the steps since then, in order

    def answered(self, menu: str, answer: Wish | Pressed, *, told: bool, said: str = "") -> "Progress":
        """Return the progress of a caller who has just answered a menu, by words of which the phones show ``said``."""
        return Progress(menu, answer, told and self.told, said, self.slow)

    def begins(self, step: Step) -> "Progress":
        """Return the progress of a call of which ``step`` begins now."""
        slow = self.slow or (isinstance(step, AskMenu) and step.slow)
        return replace(self, begun=(*self.begun, _name(step)), slow=slow)

    @property
    def was_offered(self) -> bool:
        """Whether the step begun last offers the call to somebody."""
        return bool(self.begun) and self.begun[-1] in _ENDS

    @property
    def is_first_offer(self) -> bool:
        """Whether it is, and none before it did."""
        return self.was_offered and not any(name in _ENDS for name in self.begun[:-1])


def to_text(progress: Progress) -> str:
    """Return the progress in ``[A-Za-z0-9_.~%=&+-]``, which any part of Asterisk takes."""
    fields = {"menu": progress.menu, "begun": " ".join(progress.begun)}
    if not progress.told:
        fields["told"] = ""
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
    """Read what `to_text` wrote; of anything else, as of "", nothing has begun."""
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
        begun = fields.get("begun", "").split()
        if begun and begun[-1] in _ENDS and not fields.get(_ENDS[begun[-1]]):
            begun.pop()  # it did not come so far
        return Progress(
            menu=fields.get("menu", ""),
            answer=answer,
            told="told" not in fields,
            said=fields.get("said", ""),
            slow="slow" in fields,
            begun=tuple(begun),
        )
    except (KeyError, ValueError):
        return Progress()


def steps_left(registry: Registry, plan: Plan, progress: Progress, live: Live) -> tuple[Step, ...]:
    """Return the steps of ``plan`` that are still to come.

    Args:
        registry: the registry that ``plan`` was made from; maybe not that of the script before.
        plan: the call's plan, as made now.
        progress: how far the call has come.
        live: who is signed in and free now.

    Returns:
        The steps; the last is always a `Message`. A menu that was begun is asked again, without its opening.
    """
    steps = plan.steps
    if progress.answer is not None and progress.menu in registry.menus:
        menu = registry.menus[progress.menu]
        steps = decide.after_answer(registry, plan, menu, progress.answer, live, told=progress.told)
    return tuple(left for step in steps if (left := _left(step, progress.begun)) is not None)


def _left(step: Step, begun: tuple[str, ...]) -> Step | None:
    if _name(step) not in begun or isinstance(step, Message):
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
