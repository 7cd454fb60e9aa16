"""A menu of keys, which the dialplan asks in one command."""

from collections.abc import Sequence

from agi_scripts.live import MenuResult, menu_result
from ivr.asterisk import steps
from ivr.asterisk.agi import offers
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.commands import HungUp
from ivr.asterisk.agi.incoming_call import IncomingCall
from ivr.asterisk.steps import Subroutine
from ivr.registry.model import Registry


class KeyMenu:
    """One menu of one call.

    Attributes:
        result: the result of the last time that the menu was asked; None before.
    """

    def __init__(
        self, call: Call, registry: Registry, incoming: IncomingCall, progress: str, opening: Subroutine | None
    ) -> None:
        """Take the call and its progress; ``opening`` is an `open_call` that is still to be carried out."""
        self._call, self._registry, self._incoming, self._progress = call, registry, incoming, progress
        self._opening = opening
        self.result: MenuResult | None = None

    async def ask(self, prompt: str, seconds: int, opening: Sequence[str]) -> str:
        """Say the opening and the menu, wait so many seconds, and return the key; "" for none.

        Raises:
            HungUp: the caller is gone.
        """
        menu = steps.ask_menu(self._progress, prompt=prompt, seconds=seconds, opening=opening)
        if self._opening:
            menu, self._opening = steps.open_and_ask(self._opening, menu), None
        await offers.ask_menu(self._call, menu, seconds)
        return await self.answer()

    async def answer(self) -> str:
        """Return the key with which the caller answered, maybe while no script was there to take it."""
        heard_before = self.result.opening_heard if self.result else True
        result = await menu_result(self._call, self._registry, self._incoming)
        if not self._call.is_up:
            raise HungUp(self._call.id)
        self.result = MenuResult(result.key, heard_before and result.opening_heard, result.live)
        return result.key
