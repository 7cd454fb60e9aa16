"""The prompts that have a recording, and the prompts that every hotline needs."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

MENU_INVITATION = "menu-speech-invitation"
"""Says that the caller may also speak; played after a menu's own prompt if a recogniser is free and it is recorded."""

NEEDED: Mapping[str, str] = MappingProxyType(
    {
        "opening": "the first prompt that a caller of the hotline hears",
        "menu-unknown": "the menu has no such key",
        "merged-recorded": "the number dialled was merged into 12345, and the call is recorded",
        "dual-recorded": "12345 answers the number dialled, and the call is recorded",
        **{f"phone/{digit}": f"the digit {digit}, as read in a phone number" for digit in range(10)},
        "unregistered": "the number dialled is not registered",
        "number-closed": "the number dialled is not in service any more",
        "number-not-yet": "the number dialled is not in service yet",
        "expert-away": "the expert seat did not answer, an agent will",
        "center-connecting": "the call goes on to a sub-center",
        "center-away": "the sub-center did not answer, an agent will",
        "no-agent": "no agent can take the call now",
        "leave-message": "please leave a message",
        "message-thanks": "the message was taken",
        "message-failed": "no message was heard",
        "goodbye": "the call ends",
        "transferring": "an agent is coming",
        "technical": "a fault of the hotline itself, an agent is coming",
        "confirm-1": "the question to confirm a target; before the name of the target",
        "confirm-2": "after the name of the target",
        "which-1": "the caller may mean either of two targets; before the name of the first",
        "which-2": "between the two names",
        "which-3": "after the name of the second",
        "emergency-joining": "an emergency service is called for the caller",
        "emergency-unreached": "that service does not answer; an agent will see to it",
        "emergency-agent": "a caller in an emergency goes ahead of everyone",
        "emergency-alone": "nobody is there for such a caller; before the number to dial",
        "blocked": "the caller is on the block list",
        "stopping": "the hotline is being stopped and takes no new calls",
        "lines-busy": "more calls are up than the limits allow",
        **{
            f"callback-{name}": "an agent calls back a caller whose call was missed"
            for name in ("promised", "no-number", "greeting", "next", "none", "closed", "silent", "result")
        },
        "rate": "the agent has hung up; keys 1 to 5 rate the service",
        "rate-thanks": "the rating was taken",
        "recorded": "the call is recorded, where the caller did not hear the opening",
        "patience": "every agent is busy; key 1 leaves a message, key 2 asks to be called back",
        **{
            f"consult-{name}": "an agent's consult reached nobody"
            for name in ("unknown", "busy", "silent", "away", "closed", "self")
        },
        "consult-let-go": "whom an agent brought in is let go",
        **{f"work-order-{name}": "an agent's *9" for name in ("made", "nobody", "again")},
        **{
            f"guide-{name}": "an agent asks an expert to guide"
            for name in ("asked", "nobody", "away", "busy", "silent", "keys")
        },
        **{f"order-{name}": "a caller asks for the state of a work order" for name in ("ask", "none", "agent")},
        **{f"order-{name}": "the day on which a work order is due" for name in ("due", "overdue")},
        **{f"follow-up-{name}": "a citizen is asked whether the matter is solved" for name in ("ask", "rate")},
        **{f"date/{part}": "a part of a date" for part in ("month", "day")},
        **{
            f"order-state/{state}": "the state of a work order"
            for state in (
                "recorded",
                "received",
                "dispatched",
                "handling",
                "returned",
                "answered",
                "follow-up",
                "closed",
                "refused",
                "merged",
                "withdrawn",
            )
        },
        "call-taken-over": "an expert or a supervisor takes a call over",
        **{f"supervise-{name}": "a supervisor cannot come to a call" for name in ("no-right", "no-call")},
        "no-call": "a key that is for calls of citizens only",
        **{
            f"seat-{name}": "the answer to a seat's feature code"
            for name in (
                "signed-in",
                "signed-out",
                "busy",
                "ready",
                "not-signed-in",
                "unknown",
                "enter-pin",
                "pin-wrong",
                "pin-paused",
                "elsewhere",
                "phone-taken",
                "set-aside",
                "reason-unknown",
            )
        },
    }
)
"""Prompts that every hotline needs: id to its meaning for the caller. Menus name their own prompts."""


def recorded(folder: Path) -> frozenset[str]:
    """Return the ids of all prompts recorded in Mandarin under ``folder`` (the project's ``recordings``).

    An id is the path under ``zh`` without suffix: ``zh/phone/1.wav`` is "phone/1". No folder, no prompts.
    """
    home = folder / "zh"
    return frozenset(path.relative_to(home).with_suffix("").as_posix() for path in home.rglob("*.wav"))
