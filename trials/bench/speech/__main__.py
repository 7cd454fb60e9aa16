"""``python -m trials.bench.speech``: real calls, then the table.

Exit status: 0 if all aims are met, 1 if one is missed, 2 if there is no recogniser, or it is too slow for calls.
"""

import sys
import time

import psutil

from ivr.engine import speech_service
from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.shipped import RECORDINGS
from ivr.speech import model_search
from ivr.speech.pool import Pool
from ivr.speech.reading_time import best_reading_time, in_words, slowest_reading
from testkit.hotline.running import ROOT
from trials.bench.speech import offline
from trials.bench.speech.calls.bench import Bench
from trials.bench.speech.calls.call_schedule import trials, trials_one_at_a_time
from trials.bench.speech.calls.calls_at_once import MOST, CallsAtOnce
from trials.bench.speech.calls.conversation import Record, services
from trials.bench.speech.corpus.sets import SET_NAMES, TUNING
from trials.bench.speech.judging import speech_bench_page
from trials.bench.speech.judging.aims import aims
from trials.bench.speech.judging.decision import MENU
from trials.bench.speech.judging.destinations import destinations
from trials.bench.speech.judging.results import Result, result
from trials.bench.speech.options import options

KEPT = ROOT / "docs" / "speech-bench.md"


def main() -> int:
    """Measure, print and keep the figures."""
    chosen = options()
    if chosen.offline:
        return offline.main(chosen)
    found = model_search.choose().found
    if found is None:
        print("no recogniser: make setup", file=sys.stderr)
        return 2
    registry = read(ROOT / "numbers.yaml", recorded(RECORDINGS))
    seconds = best_reading_time(model_search.load(found))
    if seconds > slowest_reading():
        print(in_words(found.name, seconds), file=sys.stderr)
        return 2
    load = CallsAtOnce.most(seconds)
    pool = Pool.of(found, MOST)
    stub = services(registry, lambda: pool.free > 0, lambda prompt: (RECORDINGS / "zh" / f"{prompt}.wav").is_file())
    leads = destinations(registry, MENU)
    all_trials = trials(everything=chosen.everything, sets=chosen.sets or SET_NAMES)
    planned = [] if chosen.one_at_a_time else all_trials[: chosen.limit]
    one_at_a_time = [] if chosen.sets else trials_one_at_a_time()[: chosen.limit]
    measured = speech_bench_page.Measurements(speech_bench_page.machine(), found.name)
    if chosen.is_sample:
        measured.sample = " ".join(sys.argv[1:]), len(trials(everything=chosen.everything))
    busy, began = _busy(), time.monotonic()

    def on_record(record: Record) -> None:
        count = len(measured.results) + len(measured.failed) + 1
        if record.problem or (not record.began and not record.decisions):
            measured.failed.append(record.problem or "nothing said")
            print(f"{count} of {len(planned)}: {measured.failed[-1]}", file=sys.stderr)
        else:
            measured.results.append(call_result := result(record, leads))
            print(f"{count} of {len(planned)}: {_result_text(call_result)}", file=sys.stderr)

    def on_record_alone(record: Record) -> None:
        measured.one_at_a_time.append(call_result := result(record, leads))
        print(
            f"one at a time, {len(measured.one_at_a_time)} of {len(one_at_a_time)}: {_result_text(call_result)}",
            file=sys.stderr,
        )

    sets = sorted({trial.set_name for trial in (*planned, *one_at_a_time)})
    with Bench(pool, lambda name: speech_service.vocabulary(registry, name), stub, sets) as bench:
        bench.run(planned, load, on_record)
        bench.run(one_at_a_time, CallsAtOnce(1), on_record_alone)
        measured.minutes = (time.monotonic() - began) / 60
        # Before the end of the bench, because its processes must still run to be left out.
        measured.other_load = max(0.0, (_busy() - busy) / (60 * measured.minutes))
        measured.late = bench.late
        measured.load = load
    text = speech_bench_page.markdown(measured)
    print(text)
    if not chosen.is_sample:
        KEPT.write_text(text, encoding="utf-8")
        print(f"kept as {KEPT}", file=sys.stderr)
    return 0 if all(aim.met for aim in aims(measured.results, measured.one_at_a_time, len(measured.failed))) else 1


def _result_text(call: Result) -> str:
    """Return the result of a call in words; of a call outside the tuning set the condition only."""
    condition = call.trial.condition.name
    if call.trial.set_name != TUNING:
        return f"{call.trial.set_name}, {condition}"
    goes = " ".join(call.goes)
    return f"{call.trial.take.name}, {condition}: {call.text or 'nothing'}: {call.judgement.verdict} {goes}"


def _busy() -> float:
    """Return the CPU seconds that other programs than this bench have used on this machine."""
    times, own_process = psutil.cpu_times(), psutil.Process()
    bench_processes = [own_process, *own_process.children(recursive=True)]
    return float(times.user + times.nice + times.system) - sum(
        sum(process.cpu_times()[:2]) for process in bench_processes
    )


if __name__ == "__main__":
    sys.exit(main())
