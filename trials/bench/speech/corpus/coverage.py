"""``python -m trials.bench.speech.corpus.coverage``: the takes of the sets, and the share that is recorded."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import OPEN, PROOF, TUNING, SampleKind, UtteranceForm, cast
from trials.bench.speech.corpus.takes import SPEEDS, Take, takes
from trials.bench.speech.telephone.conditions import CONDITIONS


def coverage(name: str) -> Iterator[str]:
    """Yield lines about one set: recorded of all takes, by kind, by form, and the least of each number."""
    every_take, recorded_takes = takes(name), set(recordings.recorded(name))
    voices = f"{len(cast(name))} voices, {len(SPEEDS)} speeds"
    yield f"{name}: {len(recorded_takes)} of {len(every_take)} takes recorded, {voices}"
    for title, key_of in (("kind", _kind), ("voice", _voice), ("speed", _speed)):
        all_of, found = Counter(map(key_of, every_take)), Counter(map(key_of, recorded_takes))
        yield f"  by {title}: " + ", ".join(f"{key} {found[key]}/{count}" for key, count in all_of.items())
    by_number: dict[str, Counter[UtteranceForm]] = defaultdict(Counter)
    for take in every_take:
        if take.utterance.kind in (SampleKind.LINE, SampleKind.LINKAGE):
            by_number[take.utterance.right[0]][take.utterance.form] += take in recorded_takes
    for form in UtteranceForm if by_number else ():
        number, least = min(((number, forms[form]) for number, forms in by_number.items()), key=lambda found: found[1])
        covered = sum(bool(forms[form]) for forms in by_number.values())
        yield f"  {form.value}: of {covered} of {len(by_number)} numbers recorded; fewest {least} ({number})"


def _kind(take: Take) -> str:
    return take.utterance.kind.value


def _voice(take: Take) -> str:
    return take.voice.name


def _speed(take: Take) -> str:
    return str(take.speed)


if __name__ == "__main__":
    for set_name in (TUNING, PROOF, OPEN):
        print(*coverage(set_name), sep="\n")
    print(f"conditions: {', '.join(condition.name for condition in CONDITIONS)}")
