"""The shipped recordings: complete, and each prompt that the code plays."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ivr.prompts import manifest, prompt_rendering
from ivr.prompts.check import check
from ivr.prompts.manifest import MUSIC, TONES
from ivr.registry.prompts import NEEDED
from ivr.shipped import RECORDINGS
from testkit.phones.tones import heard_in, read_wav

ROOT = Path(__file__).resolve().parents[2]

# Prompts that Asterisk 22 itself plays: app_queue, attended transfers, and counting in say.c's zh grammar.
ASTERISKS_OWN = (
    "queue-youarenext", "queue-thereare", "queue-callswaiting", "queue-quantity1", "queue-quantity2", "queue-holdtime",
    "queue-minute", "queue-minutes", "queue-seconds", "queue-thankyou", "queue-reporthold", "queue-periodic-announce",
    "pbx-transfer", "pbx-invalid", "privacy-incorrect", "beep", "beeperr",
    *(f"digits/{number}" for number in (*range(10), *range(10, 100, 10), "hundred", "thousand")),
)  # fmt: skip


def played_by_scripts() -> Iterator[str]:
    """Return each text constant of the call scripts that has the form of a prompt's id and the first word of one."""
    families = {prompt.split("-")[0] for prompt in manifest.load().prompts if "-" in prompt}
    for script in (ROOT / "agi_scripts").glob("*.py"):
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "play":
                yield from (str(arg.value) for arg in node.args if isinstance(arg, ast.Constant))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = node.value.split("-")
                if len(words) > 1 and words[0] in families and re.fullmatch(r"[a-z-]+", node.value):
                    yield node.value


def played_by_dialplan() -> Iterator[str]:
    for file in (ROOT / "dialplans").rglob("*.conf*"):
        text = file.read_text(encoding="utf-8")
        for prompts in re.findall(r"\b(?:Playback|Background)\(([a-z][^,)]*)", text):
            yield from prompts.split("&")
        yield from re.findall(r"^(?:periodic-announce|xfersound|xferfailsound) *= *(\S+)", text, re.MULTILINE)


def played_by_menus() -> Iterator[str]:
    yield from re.findall(r"^\s+prompt: *(\S+)", (ROOT / "numbers.yaml").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_recording_is_there_whole_and_says_its_text() -> None:
    assert [str(finding) for finding in check(manifest.load())] == []


def test_each_rendered_recording_has_the_present_text() -> None:
    assert prompt_rendering.outdated(manifest.load()) == []


@pytest.mark.parametrize(
    "played", [played_by_scripts, played_by_dialplan, played_by_menus, lambda: NEEDED, lambda: ASTERISKS_OWN]
)
def test_every_prompt_that_is_played_has_a_text_and_a_recording(played: Callable[[], Iterable[str]]) -> None:
    ids = set(played())
    assert ids, "found nothing that is played: this test looks in the wrong place"
    assert sorted(ids - set(manifest.load().sounds)) == []


def test_no_prompt_holds_latin_letters() -> None:
    latin = [prompt.id for prompt in manifest.load().prompts.values() if re.search("[A-Za-z]", prompt.text)]
    assert latin == []


def test_the_music_is_never_taken_for_a_caller() -> None:
    music = read_wav(manifest.load().sounds[MUSIC])
    tones = {f"{hertz} Hz": hertz for hertz in range(300, 1300, 20)}
    assert {span.parties for span in heard_in(music, tones)} == {"sound"}


def test_the_music_holds_no_single_steady_line_for_a_second() -> None:
    music = read_wav(manifest.load().sounds[MUSIC]).astype(np.float64)
    seconds = np.lib.stride_tricks.sliding_window_view(music, 8000)[::2000] * np.hanning(8000)
    power = np.abs(np.fft.rfft(seconds, axis=1)) ** 2
    loudest = power.argmax(axis=1)
    shares = [row[max(0, at - 5) : at + 6].sum() / row.sum() for row, at in zip(power, loudest, strict=True)]
    assert max(shares) < 0.75


def test_all_recordings_together_have_less_than_30_megabytes() -> None:
    size = sum(path.stat().st_size for path in RECORDINGS.rglob("*.wav*"))
    assert size < 30_000_000
    assert all(tone in manifest.load().sounds for tone in TONES)
