"""The arguments with which the dialplan's ``[citizen]`` starts a call script, parsed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class IncomingCall:
    """A call as it came in."""

    dialled: str  # the number dialled; hostile, any spelling
    calls_of_caller: int  # calls of this caller that are up, this call included; 0 if the dialplan did not count
    calls_on_trunk: int  # calls from the carrier that are up, this call included; 0 if the dialplan did not count
    log_tag: str  # name of the call in Asterisk's log: C-00000001
    progress: str  # text of `ivr.routing.progress` if an earlier script ran for this call; "" for a new call

    @classmethod
    def parse(cls, arguments: Sequence[str]) -> Self:
        """Read the arguments in the order of ``[citizen]`` and ``[script-process]``; missing ones are "" and 0."""
        dialled, of_caller, on_trunk, tag, progress = (*arguments[:5], *[""] * (5 - len(arguments[:5])))
        return cls(dialled, _count(of_caller), _count(on_trunk), tag.strip("[]"), progress)


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
