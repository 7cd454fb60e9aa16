"""Steps of a plan as short words, so that a test reads as the call flow."""

from collections.abc import Iterable

from ivr.call_events.values import Reason
from ivr.routing.plan import Agents, AskMenu, JoinService, Message, OfferCenter, OfferExpert, Say, Step


def story(steps: Iterable[Step]) -> list[str]:
    """Return each step in words with its reason, as in "agents general needs-expert: fallback"."""
    return [f"{_text_of_step(step)}: {step.reason}" for step in steps if step.reason is not Reason.RECORDED]


def _text_of_step(step: Step) -> str:
    match step:
        case Say():
            return " ".join(["say", *step.prompts]).replace(" phone/", " ")
        case AskMenu():
            return " ".join(["menu", step.menu, *step.opening])
        case OfferExpert():
            return f"expert {step.group} {step.seconds}s"
        case OfferCenter():
            return f"center {step.number} by {step.reach} {step.seconds}s"
        case Agents():
            marks = [*(["needs-expert"] if step.needs_expert else []), *([step.topic] if step.topic else [])]
            return " ".join(["agents", step.group, *marks])
        case JoinService():
            return f"joins {step.number} and {step.group or 'nobody'}"
        case Message():
            return "message"
