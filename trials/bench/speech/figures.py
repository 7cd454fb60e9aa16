"""What the calls come to, in figures. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from trials.bench.speech.calls import Caller, Heard
from trials.bench.speech.meaning import Menu, Verdict, Way
from trials.bench.speech.utterances import Group, Utterance

NEVER_CHOSEN_ON = ("am_michael", "jf_alpha")
"""Voices that no threshold was chosen on: an English and a Japanese one, who speak Mandarin with an accent."""


@dataclass(slots=True)
class Score:
    """How many of some utterances came to what."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How many there were."""
        return self.verdicts.total()

    def share(self, *verdicts: Verdict) -> float:
        """The share of these; 0 where nothing was said."""
        return sum(self.verdicts[one] for one in verdicts) / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Miss:
    """An utterance that did not go straight to what was meant."""

    utterance: Utterance
    heard: str
    verdict: Verdict


@dataclass(slots=True)
class Figures:
    """Everything that callers who talked came to."""

    scores: dict[tuple[str, Group], Score] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)
    false_alarms: list[Miss] = field(default_factory=list)  # emergencies heard where none was said
    spoken: int = 0  # utterances that are no emergencies
    delays: list[float] = field(default_factory=list)  # seconds from the end of speech to the decision, if understood
    all_delays: list[float] = field(default_factory=list)  # ... and also where it was not

    def add(self, caller: Caller, menu: Menu) -> None:
        """Take in a call."""
        for utterance, heard in caller.answers():
            text = heard.text if heard else ""
            verdict = menu.verdict(utterance.group, utterance.text, text)
            self.scores.setdefault((utterance.voice, utterance.group), Score()).verdicts[verdict] += 1
            miss = Miss(utterance, text, verdict)
            if verdict is not Verdict.RIGHT:
                self.misses.append(miss)
            if utterance.group is not Group.EMERGENCIES:
                self.spoken += 1
                if menu.meaning(text, utterance.group).way in (Way.ALARM, Way.ALARM_ASKED):
                    self.false_alarms.append(miss)
            if heard:
                self._time(heard, understood=verdict in (Verdict.RIGHT, Verdict.ASKED), group=utterance.group)

    def _time(self, heard: Heard, *, understood: bool, group: Group) -> None:
        delay = heard.decided - heard.loud
        self.all_delays.append(delay)
        if understood and group in (Group.MENU, Group.DEPARTMENTS, Group.YES_NO, Group.EMERGENCIES):
            self.delays.append(delay)

    def score(self, *groups: Group, voices: Iterable[str] | None = None) -> Score:
        """Add up groups, of all voices or of some."""
        chosen = None if voices is None else set(voices)
        added = Score()
        for (voice, group), score in self.scores.items():
            if group in groups and (chosen is None or voice in chosen):
                added.verdicts += score.verdicts
        return added


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share of ``values`` lies; not a number where there are none."""
    return float(np.percentile(values, 100 * share)) if values else float("nan")
