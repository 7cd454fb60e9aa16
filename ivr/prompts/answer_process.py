"""``python -m ivr.prompts.answer_process``: reads texts aloud, apart from the engine, with the ``[prompts]`` extra.

Each line of standard input is JSON: ``{"file", "text"}``. Each line of output names a file that is complete now, with
its wideband copy beside it. Exit status 3: the extra is not installed, or the voice is missing.
"""

import json
import os
import re
import sys
from pathlib import Path

from ivr.prompts.manifest import ManifestError, load, wideband
from ivr.shipped import RECORDINGS

_NO_EXTRA = 3
_NICENESS = 19  # niceness, because calls come first
_MARGIN = 0.1  # seconds of silence at both ends
_BY_DIGIT = re.compile(r"\d{5,}|(?<!\d)(?:110|119|120|122)(?!\d)(?![元人天日件个岁%])|0\d{3}-?\d{7,8}", re.ASCII)
_MARK = "\ue000{}\ue001"


def main() -> int:
    """Render the text on standard input."""
    os.nice(_NICENESS)
    try:
        from ivr.prompts import mastering, voice  # noqa: PLC0415 - the voice comes with the extra

        manifest = load(RECORDINGS)
        reader = voice.PromptVoice(manifest.voice_file)
    except (ImportError, ManifestError, OSError) as missing:
        print(missing, file=sys.stderr)
        return _NO_EXTRA
    for line in sys.stdin:
        request = json.loads(line)
        path = Path(request["file"])
        samples = mastering.trimmed(reader.read(with_numbers(request["text"]), manifest.pace), voice.RATE, _MARGIN)
        new_file = path.with_name(f".{path.name}")
        mastering.write_pair(new_file, samples, voice.RATE, mastering.SPEECH_LEVEL)
        wideband(new_file).replace(wideband(path))
        new_file.replace(path)
        print(path, flush=True)
    return 0


def with_numbers(text: str) -> str:
    """Return a text with figures, dates and shares in words; a telephone number stays, to be read digit by digit."""
    from cn2an import transform  # noqa: PLC0415  of the extra `prompts`: misaki brings it

    numbers: list[str] = []

    def mark(number: re.Match[str]) -> str:
        numbers.append(number[0].replace("-", ""))
        return _MARK.format("零" * len(numbers))  # a mark without digits, which `transform` leaves as it is

    words: str = transform(_BY_DIGIT.sub(mark, text), "an2cn")
    for index in range(len(numbers), 0, -1):
        words = words.replace(_MARK.format("零" * index), numbers[index - 1])
    return words


if __name__ == "__main__":
    sys.exit(main())
