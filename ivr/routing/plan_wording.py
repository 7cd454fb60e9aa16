"""Steps and their reasons in words, for an admin."""

from collections.abc import Mapping
from itertools import groupby
from types import MappingProxyType

from ivr.call_events.values import Reason
from ivr.registry.model import Place, Registry
from ivr.registry.prompts import MENU_INVITATION
from ivr.routing.plan import Agents, AskMenu, JoinService, Message, OfferCenter, OfferExpert, Say, Step, TellProgress
from ivr.texts import _

Words = Mapping[str, str]
"""The words of prompts, by prompt id."""

NO_WORDS: Words = MappingProxyType({})


def text(registry: Registry, step: Step, words: Words = NO_WORDS) -> str:  # noqa: PLR0911 - a case for each step
    """Return a step in words; ``words`` has the words of prompts. A prompt without words is named by its id."""
    match step:
        case Say():
            return _("say {prompts}").format(prompts=_prompts(step.prompts, words))
        case AskMenu():
            prompts = _prompts((*step.opening, registry.menus[step.menu].prompt), words)
            message = _(
                "say {prompts}, then wait for a key (with a recogniser: say {invitation} too, wait for speech too)"
            ).format(prompts=prompts, invitation=_prompts((MENU_INVITATION,), words))
            return _("slowly, with twice the time: {what}").format(what=message) if step.slow else message
        case OfferExpert():
            title = registry.groups[step.group].title
            ring = _("ring {group} for {seconds} s").format(group=title, seconds=step.seconds)
            return ring + _topic(step.topic)
        case OfferCenter():
            return _("ring the center through the carrier, number {reach}, for {seconds} s").format(
                reach=step.reach, seconds=step.seconds
            )
        case Agents():
            return _agents(registry, step)
        case JoinService():
            return _("call {service} and join it with the caller and an agent").format(service=step.number)
        case TellProgress():
            return _("ask for the number of a work order, and read out its state")
        case Message():
            return _("take a message; it becomes a work order")


def reason(step: Step) -> str:
    """Return the reason of a step in words."""
    if isinstance(step, Message) and step.reason is Reason.FALLBACK:
        return _("no agent is there, the queue is full, or the caller gives up waiting")
    return reason_in_words(step.reason)


def reason_in_words(reason: Reason) -> str:
    """Return the reason of a step or of a fallback in words."""
    return {
        Reason.HOTLINE: _("the hotline itself was dialled"),
        Reason.MERGED: _("the number is merged"),
        Reason.CHAIN: _("the number dialled leads on to this one"),
        Reason.DUAL: _("the number is answered in parallel with the hotline: no menu"),
        Reason.EXPERT: _("the line has an expert seat"),
        Reason.EXPERT_AWAY: _("no expert of the group is signed in"),
        Reason.EXPERT_BUSY: _("the expert seats are signed in, and all are busy"),
        Reason.SUBCENTER: _("the center has seats of its own"),
        Reason.CLOSED: _("it is outside the hours of expert or center"),
        Reason.CAME_BACK: _("the call was sent to a center and came back"),
        Reason.UNREGISTERED: _("the number is not registered"),
        Reason.NOT_IN_FORCE: _("the number is registered, but not for this day"),
        Reason.STRAIGHT: _("the line has no menu"),
        Reason.MENU: _("the caller pressed the key"),
        Reason.SPOKEN: _("the caller said so"),
        Reason.NOT_UNDERSTOOD: _("the caller's words need an agent"),
        Reason.EMERGENCY: _("the caller said that it is an emergency"),
        Reason.NO_CHOICE: _("the caller pressed no key or a wrong key, or failed three times"),
        Reason.RECORDED: _("agents' calls are recorded, and callers are told so"),
        Reason.FALLBACK: _("the steps before found no agent"),
        Reason.NO_AGENT: _("no seat of the group is signed in"),
        Reason.BLOCKED: _("the caller is on the block list"),
        Reason.CALLER_LIMIT: _("the caller has as many calls up as one caller may"),
        Reason.TRUNK_LIMIT: _("as many calls are up as the hotline takes from the carrier"),
        Reason.EXPERT_SILENT: _("the expert's phone rang and was not answered"),
        Reason.CENTER_BUSY: _("the center was busy"),
        Reason.CENTER_SILENT: _("the center's phone rang and was not answered"),
        Reason.CENTER_UNREACHABLE: _("the center could not be reached"),
        Reason.QUEUE_FULL: _("as many callers wait as the group allows"),
        Reason.GAVE_UP: _("the waiting caller pressed 1 to leave a message"),
        Reason.CALLBACK: _("the waiting caller pressed 2 to be called back"),
        Reason.TECHNICAL: _("a part of the hotline failed"),
    }[reason]


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
    return words + _topic(step.topic)


def _topic(topic: str) -> str:
    return _(", topic {topic}").format(topic=topic) if topic else ""


def _prompts(prompts: tuple[str, ...], words: Words) -> str:
    """Return the words of prompts, in quotes, the digits of a number together; the ids if any prompt has no words."""
    runs = groupby(prompts, key=lambda prompt: prompt.startswith("phone/"))
    spoken_runs = [(number, [prompt.removeprefix("phone/") for prompt in group]) for number, group in runs]
    if all(prompt in words or prompt.startswith("phone/") for prompt in prompts):
        sentences = ("".join(ids if number else (words[prompt] for prompt in ids)) for number, ids in spoken_runs)
        return _("“{words}”").format(words="".join(sentences))
    return " ".join(("" if number else " ").join(ids) for number, ids in spoken_runs)
