"""The command line of ``python -m trials.bench.speech.adaptation``."""

import argparse
from pathlib import Path

from trials.bench.speech.adaptation.held_out import Fold, fold
from trials.bench.speech.corpus.sets import TUNING, cast
from trials.bench.speech.telephone.conditions import CONDITIONS


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line, by default this process's; end the process if it makes no sense.

    Returns:
        The step in ``step``, and the step's options.
    """
    parser = argparse.ArgumentParser(
        prog="python -m trials.bench.speech.adaptation",
        description="Adapters for Whisper's decoder, trained and judged on takes of the tuning set alone.",
    )
    steps = parser.add_subparsers(dest="step", required=True)
    _capture(steps.add_parser("capture", help="keep the sound that the recogniser gets of each take"))
    _train(steps.add_parser("train", help="train adapters on captured sounds (needs the extra adaptation)"))
    _judge(steps.add_parser("judge", help="read the sounds that were held out, before and after, and compare"))
    _merge(steps.add_parser("merge", help="write the model that adapters make of another"))
    return parser.parse_args(arguments)


def _capture(parser: argparse.ArgumentParser) -> None:
    names = [condition.name for condition in CONDITIONS]
    parser.add_argument("folder", type=Path, help="gets one file for each condition")
    parser.add_argument(
        "--condition",
        action="append",
        default=[],
        choices=names,
        metavar="NAME",
        help="every take under this condition; may be repeated. Unless given, every take clean and with one of the "
        f"three noises at 10 dB. There are {', '.join(names).replace('%', '%%')}",
    )
    parser.add_argument("--limit", type=_count, metavar="N", help="N takes, evenly chosen")


def _train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="with captured sounds")
    parser.add_argument(
        "--without-topics",
        type=_fold,
        metavar="FOLD/FOLDS",
        help="leave out one fold of the topics: 1/3 is the first of three",
    )
    parser.add_argument(
        "--without-voices",
        nargs="+",
        default=[],
        choices=[voice.name for voice in cast(TUNING)],
        metavar="NAME",
        help="leave out these voices",
    )
    parser.add_argument("--epochs", type=_count, default=1, metavar="N", help="how often each sound is learnt (1)")
    parser.add_argument("--rank", type=_count, default=8, metavar="R", help="of the adapters (8)")
    parser.add_argument("--rate", type=float, default=1e-3, help="of learning, at most (0.001)")
    parser.add_argument("--output", type=Path, required=True, metavar="ADAPTERS.npz")


def _judge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="with captured sounds")
    parser.add_argument("adapters", type=Path, metavar="ADAPTERS.npz")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="write the readings after the adaptation there, as python -m trials.bench.speech.calibration reads them",
    )


def _merge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("adapters", type=Path, metavar="ADAPTERS.npz")
    parser.add_argument("model_folder", type=Path, help="the model that the adapters were trained on")
    parser.add_argument("output_folder", type=Path, help="must not exist yet")


def _fold(text: str) -> Fold:
    try:
        return fold(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a number from 1 on is wanted")
    return number
