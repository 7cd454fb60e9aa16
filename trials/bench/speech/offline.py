"""Hear takes without calls: the recogniser's adapter and the hotline's decisions in one process, for calibration.

The parts of a call (Asterisk, packets, prompts that end, timing) are missing here; the code that decides is the same.
"""

import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np

from agi_scripts.services import YES_NO
from ivr.engine import speech_service
from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.shipped import RECORDINGS
from ivr.speech import model_search
from ivr.speech.recognizer import ListenerWork, RecognizedUtterance, Recognizer
from testkit.hotline.running import ROOT
from testkit.phones.tones import RATE, Samples
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.takes import Take
from trials.bench.speech.judging.decision import MENU, Decider
from trials.bench.speech.judging.destinations import destinations
from trials.bench.speech.judging.judge import Judgement, UtteranceOutcome, judge
from trials.bench.speech.options import Options
from trials.bench.speech.silent_callers import heard_of_silent_callers, line
from trials.bench.speech.telephone.background import Noises
from trials.bench.speech.telephone.conditions import Condition, named
from trials.bench.speech.telephone.microphone import FRAME, Microphone

BEHIND = 2.5  # seconds of sound after the speech, in which it must be heard


@dataclass(frozen=True, slots=True)
class OfflineTrial:
    """One take under one condition, and its result."""

    set_name: str
    take: Take
    condition: Condition
    before: float  # seconds of sound until the speech began
    heard: RecognizedUtterance | None
    ended: float  # seconds of sound from the end of the speech until it was heard; nan if it was not
    delay: float  # seconds from the end of the speech to the decision, if the sound came as in a call; nan likewise
    outcome: UtteranceOutcome
    judgement: Judgement


class Offline:
    """A recogniser and the shipped registry."""

    def __init__(self) -> None:
        """Load them (some seconds).

        Raises:
            LookupError: this machine has no recogniser.
        """
        found = model_search.choose().found
        if found is None:
            raise LookupError("no recogniser")
        registry = read(ROOT / "numbers.yaml", recorded(RECORDINGS))
        self._recognizer: Recognizer = model_search.load(found)
        self._decider = Decider(registry, date.today())
        self._leads = destinations(registry, MENU)
        self._vocabularies = {
            name: vocabulary for name in (MENU, YES_NO) if (vocabulary := speech_service.vocabulary(registry, name))
        }

    def run(
        self, set_name: str, takes: Sequence[Take], conditions: Sequence[Condition], before: float | None = None
    ) -> Iterator[OfflineTrial]:
        """Hear all takes under all conditions.

        Args:
            set_name: the takes' set.
            takes: the takes.
            conditions: the conditions of the sound.
            before: seconds of sound until the speech begins; 0.5 to 3, differing from take to take, unless given.
        """
        noises = Noises(set_name)
        for condition in conditions:
            for at, take in enumerate(takes):
                yield self._trial(
                    set_name, take, condition, 0.5 + at * 0.37 % 2.5 if before is None else before, noises
                )

    def silent(self, set_name: str, condition: Condition, callers: int) -> str:
        """Return a line about what is heard of callers who say nothing."""
        counted = heard_of_silent_callers(
            self._recognizer, self._decider, self._vocabularies[MENU], set_name, condition, callers
        )
        return line(set_name, condition, callers, counted)

    def _trial(self, set_name: str, take: Take, condition: Condition, before: float, noises: Noises) -> OfflineTrial:
        microphone = Microphone(condition, noises, f"{set_name} {take.name}")
        speech = recordings.samples(set_name, take)
        vocabulary = YES_NO if take.utterance.kind.is_answer else MENU
        heard, seconds, done = self._hear(vocabulary, microphone, speech, before)
        began = time.process_time()
        outcome = self._decider.outcome(heard, take.utterance.kind)
        done += time.process_time() - began
        judgement = judge(take.utterance, outcome, self._leads)
        speech_end = before + len(speech) / RATE
        delay = done - (speech_end - recordings.MARGIN)
        return OfflineTrial(set_name, take, condition, before, heard, seconds - speech_end, delay, outcome, judgement)

    def _hear(
        self, vocabulary: str, microphone: Microphone, speech: Samples, before: float
    ) -> tuple[RecognizedUtterance | None, float, float]:
        """Return the first recognised utterance, the seconds of sound before it, and when a core would have finished.

        The core serves this caller alone, and gets each packet at the time of its sound. Its seconds are the process's.
        """
        listener = self._recognizer.listen(self._vocabularies[vocabulary])
        silent, done = 0, 0.0
        for at in itertools.count():
            arrived_at = (at + 1) * FRAME / RATE
            while listener.work is not ListenerWork.NONE and done < arrived_at:
                began = time.process_time()
                heard = listener.step()
                done += time.process_time() - began
                if heard:
                    return heard, arrived_at - FRAME / RATE, done
            if at == round(before * RATE / FRAME):
                microphone.say(speech)
            if (sound := microphone.delivered_sound()) is None:
                continue
            began = time.process_time()
            heard = listener.feed(sound)
            done = max(done, arrived_at) + time.process_time() - began
            if heard:
                return heard, arrived_at, done
            silent = 0 if microphone.is_speaking else silent + 1
            if at * FRAME / RATE > before and silent * FRAME / RATE > BEHIND:
                break
        return None, float("nan"), float("nan")


def row(trial: OfflineTrial) -> dict[str, object]:
    """Return a trial as an object for JSON."""
    utterance = trial.take.utterance
    return {
        "set": trial.set_name,
        "text": utterance.text,
        "kind": utterance.kind.value,
        "form": utterance.form.value,
        "right": list(utterance.right),
        "voice": trial.take.voice.name,
        "speed": trial.take.speed,
        "condition": trial.condition.name,
        "before": round(trial.before, 2),
        "heard": asdict(trial.heard) if trial.heard else None,
        "ended": round(trial.ended, 2) if trial.heard else None,
        "delay": round(trial.delay, 3) if trial.heard else None,
        "way": trial.outcome.way.value,
        "targets": list(trial.outcome.targets),
        "verdict": trial.judgement.verdict.value,
        "needless": trial.judgement.needless,
        "false_alarm": trial.judgement.false_alarm.value,
    }


def main(options: Options) -> int:
    """Hear the takes that the command line chooses; print counts, and write each result to the output's file.

    Returns:
        The exit status: 0, or 2 if there is no recogniser.
    """
    try:
        offline = Offline()
    except LookupError:
        print("no recogniser: make setup", file=sys.stderr)
        return 2
    with options.output.open("w", encoding="utf-8") if options.output else nullcontext() as output:
        for set_name in options.sets:
            if options.silent:
                for condition in named(options.conditions):
                    print(offline.silent(set_name, condition, options.silent), flush=True)
                continue
            takes = recordings.recorded(set_name)
            step = max(1.0, len(takes) / options.limit) if options.limit else 1.0
            chosen = [takes[int(at * step)] for at in range(int(len(takes) / step))]
            for condition in named(options.conditions):
                counted: Counter[tuple[str, str]] = Counter()
                readings: list[float] = []
                delays: list[float] = []
                for trial in offline.run(set_name, chosen, [condition]):
                    readings += [trial.heard.seconds] if trial.heard else []
                    delays += [trial.delay] if trial.heard else []
                    counted[trial.take.utterance.kind.value, trial.judgement.verdict.value] += 1
                    if output:
                        print(json.dumps(row(trial), ensure_ascii=False), file=output, flush=True)
                for (kind, verdict), count in sorted(counted.items()):
                    print(f"{set_name}, {condition.name}: {kind}: {verdict}: {count}")
                if readings:
                    half, most = np.quantile(readings, (0.5, 0.95))
                    text = f"a reading took {half:.2f} s, p95 {most:.2f} s, at most {max(readings):.2f} s"
                    print(f"{set_name}, {condition.name}: {text}")
                    half, most = np.quantile(delays, (0.5, 0.95))
                    print(f"{set_name}, {condition.name}: end of speech to decision {half:.2f} s, p95 {most:.2f} s")
    return 0
