"""Steps and their reasons in words, for an admin."""

from itertools import groupby

from ivr.registry.model import Place, Registry
from ivr.routing.plan import Agents, AskMenu, JoinService, Message, OfferCenter, OfferExpert, Say, Step, Why
from ivr.texts import _


def text(registry: Registry, step: Step) -> str:
    """Say in words what a step does."""
    match step:
        case Say():
            return _("say {prompts}").format(prompts=_prompts(step.prompts))
        case AskMenu():
            prompts = _prompts((*step.opening, registry.menus[step.menu].prompt))
            return _("say {prompts}, then wait for a key").format(prompts=prompts)
        case OfferExpert():
            title = registry.groups[step.group].title
            return _("ring {group} for {seconds} s").format(group=title, seconds=step.seconds)
        case OfferCenter():
            return _("ring the center through the carrier, number {reach}, for {seconds} s").format(
                reach=step.reach, seconds=step.seconds
            )
        case Agents():
            return _agents(registry, step)
        case JoinService():
            return _("call {service} and join it with the caller and an agent").format(service=step.number)
        case Message():
            return _("take a message; it becomes a work order")


def reason(step: Step) -> str:
    """Say in words why a step is taken."""
    if isinstance(step, Message) and step.why is Why.FALLBACK:
        return _("no agent, a full queue, or a caller who gives up waiting")
    return {
        Why.HOTLINE: _("the hotline itself was dialled"),
        Why.MERGED: _("the number is merged"),
        Why.CHAIN: _("the number dialled leads on to this one"),
        Why.DUAL: _("the number is answered in parallel with the hotline: no menu"),
        Why.EXPERT: _("the line has an expert seat"),
        Why.EXPERT_AWAY: _("nobody of the expert group is signed in"),
        Why.EXPERT_BUSY: _("the expert seats are signed in, but none is free"),
        Why.SUBCENTER: _("the center has seats of its own"),
        Why.CLOSED: _("it is outside the hours of expert or center"),
        Why.CAME_BACK: _("the call was sent to a center and came back"),
        Why.UNREGISTERED: _("the number is not registered"),
        Why.NOT_IN_FORCE: _("the number is registered, but not for this day"),
        Why.STRAIGHT: _("the line has no menu"),
        Why.MENU: _("the caller pressed the key"),
        Why.SPOKEN: _("the caller said so"),
        Why.NOT_UNDERSTOOD: _("what the caller said needs an agent"),
        Why.EMERGENCY: _("the caller said that it is an emergency"),
        Why.NO_CHOICE: _("no key, an unknown key, or three failures"),
        Why.RECORDED: _("agents' calls are recorded, and callers are told so"),
        Why.FALLBACK: _("the steps before reached nobody"),
        Why.NO_AGENT: _("nobody of the group asked is signed in"),
        Why.BLOCKED: _("the caller is on the block list"),
        Why.CALLER_LIMIT: _("the caller has as many calls up as one caller may"),
        Why.TRUNK_LIMIT: _("as many calls are up as the hotline takes from the carrier"),
    }[step.why]


def where(place: Place | None) -> str | None:
    """Return the registry line, as "numbers.yaml:57"."""
    return f"{place.file}:{place.line}" if place is not None else None


def _agents(registry: Registry, step: Agents) -> str:
    group = registry.groups[step.group]
    words = _("wait for an agent of {group}").format(group=group.title)
    if group.overflow:
        words += _(", else of {group}").format(group=registry.groups[group.overflow].title)
    if step.needs_expert:
        words += _(", marked “needs expert”")
    if step.topic:
        words += _(", topic {topic}").format(topic=step.topic)
    return words


def _prompts(prompts: tuple[str, ...]) -> str:
    """Name prompts as an admin reads them, the digits of a number together: "dual-1 12333 dual-2"."""
    words: list[str] = []
    for spoken, run in groupby(prompts, key=lambda prompt: prompt.startswith("phone/")):
        names = [prompt.removeprefix("phone/") for prompt in run]
        words.append(("" if spoken else " ").join(names))
    return " ".join(words)
