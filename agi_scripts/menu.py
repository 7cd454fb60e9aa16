"""A menu as its caller lives it: press a key, or, where the hotline hears, just say what it is about."""

from typing import TYPE_CHECKING

from agi_scripts.hotline import Hotline
from ivr.asterisk.agi import speech
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.speech import Ear, Said, hearing
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import KeyPressed
from ivr.registry.model import Menu, Registry
from ivr.registry.prompts import MENU_INVITATION
from ivr.routing.calendar import city_time
from ivr.routing.caller_choice import AGAIN, Pressed, Wish
from ivr.routing.plan import AskMenu, Plan

if TYPE_CHECKING:
    from agi_scripts.spoken import Spoken

MENU_TIMES = 3  # how often the menu is said before an agent is offered


async def ask_menu(
    call: Call, hotline: Hotline, registry: Registry, plan: Plan, step: AskMenu
) -> tuple[Wish | Pressed, bool]:
    """Say opening and menu, understand key or speech.

    Speech is an extra: without a recogniser, or where it fails on the way, this is a menu of keys.

    Returns:
        What the caller wants, and whether the opening was heard to its end.
    """
    menu = registry.menus[step.menu]
    async with hearing(call, wanted=hotline.can_hear()) as ear:
        spoken = None
        if ear.hears and hotline.meanings:  # made ready while the caller listens to the prompts
            from agi_scripts.spoken import Spoken  # noqa: PLC0415  takes a second to load where nobody is heard

            meaning = hotline.meanings.at(registry, menu, city_time(plan.at).date())
            spoken = Spoken(call, ear, registry, menu, meaning, hotline.has_prompt)
        wish = await _wish(call, hotline, ear, menu, registry, step.opening, spoken)
        return wish, ear.heard.issuperset(step.opening)


async def _wish(
    call: Call,
    hotline: Hotline,
    ear: Ear,
    menu: Menu,
    registry: Registry,
    opening: tuple[str, ...],
    spoken: "Spoken | None",
) -> Wish | Pressed:
    """Return what the caller wants; no key for whatever leads to a human."""
    known = {choice.key: choice for choice in menu.choices}
    invitation = [MENU_INVITATION] if hotline.has_prompt(MENU_INVITATION) else []
    for _ in range(MENU_TIMES):
        prompts = [*opening, menu.prompt, *invitation]
        answer = await ear.listen(menu.name, prompts, registry.timers.menu, speech_only=invitation)
        opening = ()
        if isinstance(answer, Said) and spoken and (said := await spoken.wish(answer)) is not None:
            if said is not AGAIN:
                return said
            continue
        key = answer.key if isinstance(answer, speech.Key) else ""
        choice = known.get(key)
        await call.note(*encode(KeyPressed(menu.name, key, choice.topic if choice else "")))
        if choice is None:
            if key:
                await call.play("menu-unknown")
            return Pressed(None)
        if choice.target is not None:
            return Pressed(key)
    return Pressed(None)
