"""A menu: the caller presses a key, or says the matter if the hotline has a recogniser."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agi_scripts.key_menu import KeyMenu
from agi_scripts.services import ScriptServices
from agi_scripts.speech_failure import failure_of, unheard
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.incoming_call import IncomingCall
from ivr.asterisk.agi.pace import play_slowly
from ivr.asterisk.agi.speech import CallerListener, Key, RecognizedSpeech, hearing
from ivr.call_events.codec import encode
from ivr.call_events.values import SpeechDecision
from ivr.call_events.vocabulary import KeyPressed
from ivr.lazy import late
from ivr.registry.model import ChoiceKind, Registry
from ivr.registry.prompts import MENU_INVITATION
from ivr.routing.calendar import city_time
from ivr.routing.caller_choice import AGAIN, KeyChoice, MenuRepeat, SpokenChoice
from ivr.routing.display import UNREAD_WORDS
from ivr.routing.pace import patience
from ivr.routing.plan import AskMenu, Live, Plan

if TYPE_CHECKING:
    from agi_scripts.spoken import Spoken

_spoken = late("agi_scripts.spoken")  # a script without the engine has no recogniser, and must start quickly
MENU_TIMES = 3  # how often the menu is said before an agent is offered


@dataclass(frozen=True, slots=True)
class MenuAnswer:
    """The caller's answer to a menu."""

    choice: SpokenChoice | KeyChoice
    opening_heard: bool  # to its end
    said: str  # the caller's words on phones; "" if the caller pressed a key or was silent
    live: Live | None  # the state at the moment of the answer, if it is known already


class MenuQuestion:
    """A menu question. Without a recogniser, or after a failure of speech recognition, the caller answers by keys."""

    def __init__(
        self, call: Call, services: ScriptServices, registry: Registry, plan: Plan, step: AskMenu, by_key: KeyMenu
    ) -> None:
        """Take the call with its plan, the menu's step of that plan, and the same menu for keys only."""
        self._call, self._services, self._registry, self._plan, self._step, self._by_key = (
            call, services, registry, plan, step, by_key,
        )  # fmt: skip
        self._menu = registry.menus[step.menu]
        self._seconds = registry.timers.menu
        self._patience = patience(slow=step.slow)
        self._has_unread_words = False  # whether the caller spoke, and the recogniser was too slow to read it

    async def ask(self, *, hears: bool) -> MenuAnswer:
        """Play opening and menu, and understand key or speech; ``hears`` says whether the caller may speak."""
        if self._step.slow:
            await play_slowly(self._call)
        async with hearing(self._call, wanted=hears, patience=self._patience) as listener:
            if not listener.hears:
                return self._pressed(await self._choice(listener, None))
            spoken = None
            if self._services.meanings:  # made ready while the caller listens to the prompts
                meaning = self._services.meanings.at(self._registry, self._menu, city_time(self._plan.at).date())
                spoken = _spoken.Spoken(
                    self._call,
                    listener,
                    self._registry,
                    self._menu,
                    meaning,
                    self._services.has_prompt,
                    self._services.find_answer,
                )
            choice = await self._choice(listener, spoken)
            said, result = spoken.shown if spoken else "", self._by_key.result
            if not said and self._has_unread_words and choice == KeyChoice(None):
                said = UNREAD_WORDS
            return MenuAnswer(
                choice, listener.heard.issuperset(self._step.opening), said, result.live if result else None
            )

    async def earlier_answer(self) -> MenuAnswer | None:
        """Return the answer by a key that the caller pressed while no script ran; None without such a key."""
        key = await self._by_key.answer()
        choice = await self._chosen(key) if key else None
        return self._pressed(choice) if isinstance(choice, KeyChoice) else None

    async def _choice(self, listener: CallerListener, spoken: "Spoken | None") -> SpokenChoice | KeyChoice:
        """Return the caller's choice; without a key if the choice leads to a human."""
        opening = self._step.opening
        for _ in range(MENU_TIMES):
            if listener.hears:
                choice = await self._listen(listener, spoken, opening)
            else:
                seconds = self._seconds * self._patience
                choice = await self._chosen(await self._by_key.ask(self._menu.prompt, seconds, opening))
            if not isinstance(choice, MenuRepeat):
                return choice
            opening = ()
        return KeyChoice(None)

    async def _listen(
        self, listener: CallerListener, spoken: "Spoken | None", opening: tuple[str, ...]
    ) -> SpokenChoice | KeyChoice | MenuRepeat:
        """Ask once, and understand speech or a key."""
        name = self._menu.name
        invitation = [MENU_INVITATION] if self._services.has_prompt(MENU_INVITATION) else []
        prompts = [*opening, self._menu.prompt, *invitation]
        answer = await listener.listen(name, prompts, self._seconds, speech_only=invitation)
        if failure := failure_of(listener):
            await self._call.note(*encode(unheard(name, failure)))
            self._has_unread_words = failure is SpeechDecision.TOO_SLOW
        if isinstance(answer, RecognizedSpeech) and spoken and (choice := await spoken.understand(answer)) is not None:
            return AGAIN if isinstance(choice, KeyChoice) and self._asks_again(choice.key) else choice
        return await self._chosen(answer.key if isinstance(answer, Key) else "")

    async def _chosen(self, key: str) -> KeyChoice | MenuRepeat:
        """Note a key, "" for silence, and return the choice that it makes."""
        choice = next((choice for choice in self._menu.choices if choice.key == key), None)
        await self._call.note(*encode(KeyPressed(self._menu.name, key, choice.topic if choice else "")))
        if choice is None:
            if key:
                await self._call.play("menu-unknown")
            return KeyChoice(None)
        return AGAIN if self._asks_again(key) else KeyChoice(key)

    def _asks_again(self, key: str | None) -> bool:
        """Tell whether a key asks for the same prompts again."""
        kind = next((choice.kind for choice in self._menu.choices if choice.key == key), None)
        return kind is ChoiceKind.REPEAT or (kind is ChoiceKind.SLOW and self._step.slow)

    def _pressed(self, choice: SpokenChoice | KeyChoice) -> MenuAnswer:
        result = self._by_key.result
        return MenuAnswer(choice, result.opening_heard if result else True, "", result.live if result else None)


async def ask_menu(call: Call, services: ScriptServices, registry: Registry, plan: Plan, step: AskMenu) -> MenuAnswer:
    """Ask a menu alone, in a call that is answered already."""
    by_key = KeyMenu(call, registry, IncomingCall.parse(call.args), "", None)
    return await MenuQuestion(call, services, registry, plan, step, by_key).ask(hears=services.can_hear())
