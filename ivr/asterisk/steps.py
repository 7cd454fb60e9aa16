"""The extensions of ``dialplans/extensions/offers.conf`` with their arguments; only this module knows their order.

Call scripts send steps by AGI's GOSUB, and offers by EXEC Gosub as their last command. The generated fallback routes
have offers as dialplan.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FIRST = 100
"""Priority in queues of a caller in an emergency; no group has more than 9."""
NO_LIMIT = 1_000_000
"""Limit of waiting callers for a caller whom no queue may refuse."""

_SPECIAL = str.maketrans({",": "，", "(": "（", ")": "）", '"': "＂", "\\": "＼", "$": "＄", ";": "；"})


@dataclass(frozen=True, slots=True)
class Subroutine:
    """An extension of the dialplan that returns, and its arguments in order."""

    context: str
    extension: str
    arguments: tuple[str, ...]


def open_call(event: str, *, line: str, progress: str, prompts: Sequence[str]) -> Subroutine:
    """Note the call's route, answer, and play prompts.

    Args:
        event: text of the call event IVR_ROUTE.
        line: the number dialled, as registered.
        progress: text of `ivr.routing.progress`.
        prompts: prompt ids; none if the first step is not `Say`.
    """
    if prompts:
        return Subroutine("step", "open-say", (event, line, progress, "&".join(prompts)))
    return Subroutine("step", "open", (event, line, progress))


def ask_menu(progress: str, *, prompt: str, seconds: int, opening: Sequence[str]) -> Subroutine:
    """Play a menu, and wait for a key.

    Args:
        progress: text of `ivr.routing.progress`.
        prompt: prompt id of the menu.
        seconds: time to press a key after the menu's prompt.
        opening: prompt ids before the menu; none if the menu is repeated.
    """
    if opening:
        return Subroutine("menu", "opening", (progress, str(seconds), prompt, "&".join(opening)))
    return Subroutine("menu", "ask", (progress, str(seconds), prompt))


def open_and_ask(opening: Subroutine, menu: Subroutine) -> Subroutine:
    """Carry out `open_call`, without prompts, and then `ask_menu`, which must have an opening."""
    event, line, _progress = opening.arguments
    return Subroutine("menu", "open", (*menu.arguments, event, line))


def say(progress: str, prompts: Sequence[str]) -> Subroutine:
    """Play prompts, in order; keys do not interrupt."""
    return Subroutine("step", "say", (progress, "&".join(prompts)))


@dataclass(frozen=True, slots=True)
class Offered:
    """The arguments of every offer."""

    event: str  # text of the call event that notes the offer
    progress: str  # text of `ivr.routing.progress`
    shown: str  # the caller's name on the phones that ring
    recording: str = ""  # name of the call's recording; "" for no recording

    def arguments(self) -> tuple[str, str, str]:
        """Return the first arguments of all offers."""
        return self.progress, self.event, plain(self.shown)


def leave(offer: Subroutine) -> Subroutine:
    """Have the dialplan make an offer after the script has left."""
    return Subroutine("next", offer.extension, offer.arguments)


def say_and_leave(prompts: Sequence[str], offer: Subroutine) -> Subroutine:
    """Have the dialplan play prompts, in order, and then make an offer, after the script has left."""
    return Subroutine("say-next", offer.extension, (*offer.arguments, "&".join(prompts)))


def open_and_leave(opening: Subroutine, offer: Subroutine) -> Subroutine:
    """Have the dialplan carry out `open_call`, with prompts, and then an offer, after the script has left."""
    event, line, _progress, prompts = opening.arguments
    return Subroutine("open-next", offer.extension, (*offer.arguments, event, line, prompts))


def _once_served(*, rates: bool) -> str:
    """Return the value of `Variable.SERVED`: whether the script is run again to ask the caller for a rating."""
    return "left" if rates else "done"


def offer_center(call: Offered, *, reach: str, seconds: int) -> Subroutine:
    """Ring a sub-center through the carrier for ``seconds``; ``reach`` are digits from the registry."""
    return Subroutine("offer", "center", (*call.arguments(), reach, str(seconds)))


def offer_expert(call: Offered, *, queue: str, seconds: int, rates: bool = False) -> Subroutine:
    """Ring a free seat of an expert group once, for ``seconds``; ``rates`` as in `offer_agents`."""
    ordered = (*call.arguments(), queue, str(seconds), call.recording, _once_served(rates=rates))
    return Subroutine("offer", "expert", ordered)


def offer_agents(
    call: Offered,
    *,
    queue: str,
    limit: int,
    priority: int,
    needs_expert: bool = False,
    emergency: str = "",
    rates: bool = False,
) -> Subroutine:
    """Have the caller wait in a queue.

    Args:
        call: the call.
        queue: name of the queue.
        limit: how many callers may wait at once; app_queue's own limit knows no exceptions.
        priority: callers with a higher priority are served first, in all queues of the same seats.
        needs_expert: an expert should have answered (需专家).
        emergency: 110, 119, …; "" for none.
        rates: the caller is asked for a rating once a seat has served the caller.
    """
    expert, served = "yes" if needs_expert else "", _once_served(rates=rates)
    ordered = (*call.arguments(), queue, str(limit), call.recording, str(priority), expert, emergency, served)
    return Subroutine("offer", "agents", ordered)


def join_service(call: Offered, *, queue: str, number: str, caller: str) -> Subroutine:
    """Join the caller in one conference with an emergency service and, unless ``queue`` is "", with a seat.

    Args:
        call: the call.
        queue: name of the queue that rings a seat, ahead of every waiting caller.
        number: number of the service; only an extension of the context ``emergency`` can be reached.
        caller: the number that the service sees, and may call back.
    """
    room = f"{number}-agent" if queue else number
    ordered = (*call.arguments(), queue, room, call.recording, str(FIRST), caller, number)
    return Subroutine("offer", "service", ordered)


def plain(text: str) -> str:
    """Return a text that MSet and Gosub take unchanged: their special characters become full-width characters."""
    return "".join(sign if sign.isprintable() else " " for sign in text.translate(_SPECIAL))
