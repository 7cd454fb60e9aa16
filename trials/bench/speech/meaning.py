"""What a text comes to at the shipped menu, and whether that is what was meant. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ivr.intents.answer import answer, words
from ivr.intents.candidates import candidates
from ivr.intents.decide import decide
from ivr.intents.emergency import Call, alarm, alarms
from ivr.intents.results import Confirm, Sure, Which
from ivr.registry.model import Registry
from trials.bench.speech.utterances import Group


class Way(StrEnum):
    """What becomes of a caller."""

    NOTHING = "nothing"  # nothing was heard, or no answer: the caller is asked again, or goes on hearing
    AGENT = "an agent"  # not understood
    ASKED = "asked"  # is it that?
    GOES = "goes"  # there at once
    YES = "yes"
    NO = "no"
    ALARM_ASKED = "asked whether it is an emergency"
    ALARM = "emergency"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text comes to."""

    way: Way
    targets: tuple[str, ...] = ()  # keys, or numbers


class Verdict(StrEnum):
    """Whether that is right."""

    RIGHT = "right"
    ASKED = "right, after a question"
    UNDECIDED = "an agent, or asked again"
    WRONG = "wrong"


class Menu:
    """The shipped menu on one day."""

    def __init__(self, registry: Registry, on: date) -> None:
        self._candidates = candidates(registry, registry.menus["main"], on)
        self._alarms, self._words = alarms(registry), words(registry.answers)

    def meaning(self, text: str, group: Group) -> Meaning:
        """What is made of a text that was heard there; "" is nothing."""
        if not text:
            return Meaning(Way.NOTHING)
        if emergency := alarm(text, self._alarms):
            return Meaning(Way.ALARM if isinstance(emergency, Call) else Way.ALARM_ASKED, (emergency.number,))
        if group is Group.YES_NO:
            yes = answer(text, self._words)
            return Meaning({True: Way.YES, False: Way.NO, None: Way.NOTHING}[yes])
        match decide(text, self._candidates):
            case Sure(target):
                return Meaning(Way.GOES, (target.name,))
            case Confirm(target):
                return Meaning(Way.ASKED, (target.name,))
            case Which(first, other):
                return Meaning(Way.ASKED, (first.name, other.name))
        return Meaning(Way.AGENT)

    def verdict(self, group: Group, text: str, heard: str) -> Verdict:
        """Whether what was made of ``heard`` is right, where ``text`` was said."""
        got, want = self.meaning(heard, group), self.meaning(text, group)
        if group in (Group.OUTSIDE, Group.NO_EMERGENCIES) and want.way not in (Way.GOES, Way.ASKED):
            right = got.way in (Way.NOTHING, Way.AGENT)
            return Verdict.RIGHT if right else Verdict.ASKED if got.way is Way.ASKED else Verdict.WRONG
        if got == want:
            return Verdict.RIGHT
        if got.way in (Way.NOTHING, Way.AGENT):
            return Verdict.UNDECIDED
        same = set(got.targets) & set(want.targets)
        if same and {got.way, want.way} <= {Way.ASKED, Way.GOES, Way.ALARM, Way.ALARM_ASKED}:
            return Verdict.ASKED if got.way in (Way.ASKED, Way.ALARM_ASKED) else Verdict.RIGHT
        return Verdict.WRONG
