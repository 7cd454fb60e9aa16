"""``python -m trials.bench.speech.adaptation``: capture sounds, train adapters, judge them, merge them into a model.

Exit status: 0, or 1 with a sentence if a step cannot be done.
"""

import json
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from ivr.intents.small_talk import SMALL_TALK
from ivr.meaning.encoder import EncoderMissing
from ivr.meaning.encoder import load as load_meaning_encoder
from ivr.speech import model_search
from trials.bench.speech.adaptation import adapter_file, captured_sounds
from trials.bench.speech.adaptation.adapter_file import Recipe, TrainedAdapters
from trials.bench.speech.adaptation.captured_sounds import CapturedSound
from trials.bench.speech.adaptation.held_out import Fold, Split, split, topics_of_fold
from trials.bench.speech.adaptation.judged_reading import row
from trials.bench.speech.adaptation.step_impossible import StepImpossible
from trials.bench.speech.adaptation.step_options import options
from trials.bench.speech.calibration.topics import topics
from trials.bench.speech.corpus.sets import TUNING, utterances
from trials.bench.speech.telephone.conditions import named

_Each = TypeVar("_Each")

_SHOWN_EACH = 20  # sounds or steps of training
_OF_LOSS = 96  # held-out sounds of which the loss is told after each epoch


def main() -> int:
    """Do the step that the command line names."""
    chosen = options()
    steps = {"capture": _capture, "train": _train, "judge": _judge, "merge": _merge}
    try:
        steps[chosen.step](chosen)
    except (StepImpossible, EncoderMissing, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _capture(chosen: Namespace) -> None:
    try:
        from trials.bench.speech.adaptation import capture  # noqa: PLC0415  of the extra `speech`
    except ModuleNotFoundError as error:
        raise _missing("speech", error) from error
    plan = capture.plan(capture.numbered_takes(chosen.limit), named(chosen.condition))
    for condition, takes in plan.items():
        sounds = list(_with_progress(capture.captured(takes, condition), len(takes), f"captured, {condition.name}"))
        captured_sounds.write(chosen.folder, condition, sounds)
        whole = sum(each.is_whole for each in sounds)
        print(f"{condition.name}: {len(sounds)} takes, {whole} of them whole", flush=True)


def _train(chosen: Namespace) -> None:
    try:
        from trials.bench.speech.adaptation import decoder, model_file, training  # noqa: PLC0415  of the extra `adaptation`
        from trials.bench.speech.adaptation.example_maker import ExampleMaker, fits  # noqa: PLC0415  of the extra `speech`
    except ModuleNotFoundError as error:
        raise _missing("adaptation", error) from error
    sounds = captured_sounds.read(chosen.folder)
    model_folder = _model_folder()
    divided = _split(sounds, chosen.without_topics, chosen.without_voices)
    maker = ExampleMaker(model_folder)
    fitting = [each for each in sounds if fits(each)]
    learnt = [each for each in fitting if each.take.name in divided.learnt]
    held_out = _evenly([each for each in fitting if each.take.name in divided.held_out], _OF_LOSS)
    if not learnt:
        raise StepImpossible("no sound is left to learn: capture more takes, or leave out less")
    both = [*learnt, *held_out]
    examples = list(_with_progress(map(maker.example, both), len(both), "encoded"))
    to_learn, to_compare = examples[: len(learnt)], examples[len(learnt) :]
    weights, size = decoder.decoder(model_file.variables((model_folder / "model.bin").read_bytes(), "decoder/"))
    prompts = maker.prompts()

    def held_out_loss(adapters: decoder.Adapters) -> str:
        loss = training.mean_loss(weights, size, adapters, to_compare, prompts[0])
        return f"{loss:.3f} nats a token of {len(to_compare)} held-out sounds" if to_compare else "nothing held out"

    adapters: decoder.Adapters = {}
    print(f"{len(to_learn)} sounds to learn; loss before: {held_out_loss(adapters)}", flush=True)
    fold = str(chosen.without_topics) if chosen.without_topics else ""
    recipe = Recipe(fold, tuple(chosen.without_voices), chosen.rank, chosen.epochs, chosen.rate)
    show = partial(_show_progress, "steps of training")
    epochs = training.train(weights, size, to_learn, prompts, recipe, show)
    for number, epoch in enumerate(epochs, 1):
        adapters = epoch.adapters
        print(f"epoch {number}: loss {epoch.loss:.3f}; {held_out_loss(adapters)}", flush=True)
    trained = TrainedAdapters(adapters, recipe, divided.held_out, adapter_file.digest(model_folder))
    adapter_file.write(chosen.output, trained)


def _judge(chosen: Namespace) -> None:
    try:
        from trials.bench.speech.adaptation import model_judge, reading_comparison  # noqa: PLC0415  of the extra `speech`
    except ModuleNotFoundError as error:
        raise _missing("speech", error) from error
    captured = captured_sounds.read(chosen.folder)
    trained = adapter_file.read(chosen.adapters)
    model_folder = _model_folder()
    sounds = [
        each for each in captured if each.take.name in trained.held_out and not each.take.utterance.kind.is_answer
    ]
    if not sounds:
        raise StepImpossible("no captured sound was held out: train again with --without-topics or --without-voices")
    judge = model_judge.ModelJudge()
    with tempfile.TemporaryDirectory() as folder:
        adapted = Path(folder) / model_folder.name
        adapter_file.merge(trained, model_folder, adapted)
        before, after = (
            list(_with_progress(judge.readings(model, sounds), len(sounds), f"read {when}"))
            for model, when in ((model_folder, "before"), (adapted, "after"))
        )
    if chosen.output:
        chosen.output.parent.mkdir(parents=True, exist_ok=True)
        rows = [json.dumps(row(each), ensure_ascii=False) + "\n" for each in after]
        chosen.output.write_text("".join(rows), encoding="utf-8")
    print(reading_comparison.markdown(list(zip(before, after, strict=True))), end="")


def _merge(chosen: Namespace) -> None:
    adapter_file.merge(adapter_file.read(chosen.adapters), chosen.model_folder, chosen.output_folder)


def _split(sounds: Iterable[CapturedSound], without_topics: Fold | None, without_voices: Sequence[str]) -> Split:
    takes = {each.take.name: each.take for each in sounds}.values()
    topic_of = topics(utterances(TUNING), SMALL_TALK, load_meaning_encoder())
    of_set = (topic_of[utterance.text] for utterance in utterances(TUNING))
    left_out = topics_of_fold(of_set, without_topics) if without_topics else frozenset[str]()
    return split(takes, topic_of, left_out, without_voices)


def _evenly(sounds: Sequence[CapturedSound], count: int) -> list[CapturedSound]:
    step = max(1.0, len(sounds) / count)
    return [sounds[int(at * step)] for at in range(int(len(sounds) / step))]


def _model_folder() -> Path:
    folder = model_search.speech_folder() / model_search.WHISPER_MODEL
    if not (folder / "model.bin").exists():
        raise StepImpossible(f"there is no model in {folder}: run ivr speech install")
    return folder


def _missing(extra: str, error: ModuleNotFoundError) -> StepImpossible:
    return StepImpossible(f"the package {error.name} is missing: pip install -c constraints.txt -e '.[{extra}]'")


def _with_progress(done: Iterable[_Each], total: int, what: str) -> Iterator[_Each]:
    for count, each in enumerate(done, 1):
        yield each
        _show_progress(what, count, total)


def _show_progress(what: str, count: int, total: int) -> None:
    if count % _SHOWN_EACH == 0 or count == total:
        print(f"{what}: {count} of {total}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
