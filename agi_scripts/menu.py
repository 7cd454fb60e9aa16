"""A menu: the caller presses a key, or says the matter if the hotline has a recogniser."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agi_scripts.services import ScriptServices
from agi_scripts.speech_failure import failure_of, unheard
from ivr.asterisk.agi import speech
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.pace import play_slowly
from ivr.asterisk.agi.speech import Ear, Said, hearing
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import KeyPressed
from ivr.registry.model import ChoiceKind, Menu, Registry
from ivr.registry.prompts import MENU_INVITATION
from ivr.routing.calendar import city_time
from ivr.routing.caller_choice import AGAIN, Pressed, Wish
from ivr.routing.pace import patience
from ivr.routing.plan import AskMenu, Plan

if TYPE_CHECKING:
    from agi_scripts.spoken import Spoken

MENU_TIMES = 3  # how often the menu is said before an agent is offered


@dataclass(frozen=True, slots=True)
class MenuAnswer:
    """The caller's answer to a menu."""

    wish: Wish | Pressed
    opening_heard: bool  # to its end
    said: str  # what phones show of the caller's own words; "" for a key


async def ask_menu(call: Call, services: ScriptServices, registry: Registry, plan: Plan, step: AskMenu) -> MenuAnswer:
    """Say opening and menu, understand key or speech.

    Speech is an extra: without a recogniser, or after its failure, this is a menu of keys.
    """
    menu = registry.menus[step.menu]
    if step.slow:
        await play_slowly(call)
    async with hearing(call, wanted=services.can_hear(), patience=patience(slow=step.slow)) as ear:
        spoken = None
        if ear.hears and services.meanings:  # made ready while the caller listens to the prompts
            from agi_scripts.spoken import Spoken  # noqa: PLC0415  takes a second to load where nobody is heard

            meaning = services.meanings.at(registry, menu, city_time(plan.at).date())
            spoken = Spoken(call, ear, registry, menu, meaning, services.has_prompt)
        wish = await _wish(call, services, ear, registry, step, spoken)
        said = spoken.shown if spoken else ""
        return MenuAnswer(wish, ear.heard.issuperset(step.opening), said)


async def _wish(
    call: Call,
    services: ScriptServices,
    ear: Ear,
    registry: Registry,
    step: AskMenu,
    spoken: "Spoken | None",
) -> Wish | Pressed:
    """Return the caller's choice; without a key if the choice leads to a human."""
    menu, opening = registry.menus[step.menu], step.opening
    known = {choice.key: choice for choice in menu.choices}
    invitation = [MENU_INVITATION] if services.has_prompt(MENU_INVITATION) else []
    for _ in range(MENU_TIMES):
        prompts = [*opening, menu.prompt, *invitation]
        answer = await ear.listen(menu.name, prompts, registry.timers.menu, speech_only=invitation)
        opening = ()
        if failure := failure_of(ear):
            await call.note(*encode(unheard(menu.name, failure)))
        if isinstance(answer, Said) and spoken and (said := await spoken.wish(answer)) is not None:
            if said is AGAIN or (isinstance(said, Pressed) and _asks_again(menu, said.key, step)):
                continue
            return said
        key = answer.key if isinstance(answer, speech.Key) else ""
        choice = known.get(key)
        await call.note(*encode(KeyPressed(menu.name, key, choice.topic if choice else "")))
        if choice is None:
            if key:
                await call.play("menu-unknown")
            return Pressed(None)
        if not _asks_again(menu, key, step):
            return Pressed(key)
    return Pressed(None)


def _asks_again(menu: Menu, key: str | None, step: AskMenu) -> bool:
    """Tell whether a key asks for the same prompts again."""
    kind = next((choice.kind for choice in menu.choices if choice.key == key), None)
    return kind is ChoiceKind.REPEAT or (kind is ChoiceKind.SLOW and step.slow)
