"""The prompts that callers would hear: the site's own recordings in place of the shipped ones."""

import wave
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ivr.prompts import ledger, manifest, own_texts
from ivr.prompts.manifest import MUSIC

LANGUAGE = "zh"  # the folder of spoken prompts, named as Asterisk's language
_FOLDERS = (LANGUAGE, "music")
_SUFFIXES = (".wav", ".wav16")


@dataclass(frozen=True, slots=True)
class PromptCatalogue:
    """The file that is played for each prompt.

    The shipped wideband copy is not used for a prompt that the site recorded itself.
    """

    shipped: Path  # the folder of recordings that came with the program
    own: Path | None  # the site's folder of recordings; None if it has none
    files: Mapping[str, Path]  # path below a folder of recordings, "zh/opening.wav" → the file that is played
    own_prompts: frozenset[str]  # ids of the prompts that the site recorded itself

    @property
    def prompts(self) -> frozenset[str]:
        """Return the ids of all spoken prompts that have a narrowband recording."""
        sound_paths = (Path(name) for name in self.files if name.startswith(f"{LANGUAGE}/") and name.endswith(".wav"))
        return frozenset(path.relative_to(LANGUAGE).with_suffix("").as_posix() for path in sound_paths)

    def text(self, prompt: str) -> str | None:
        """Return the words of a prompt's recording; None if they are not known.

        Raises:
            ManifestError: a file with the texts is damaged.
        """
        return self.texts((prompt,)).get(prompt)

    def texts(self, prompts: Iterable[str]) -> dict[str, str]:
        """Return the words of the recordings of ``prompts``, by prompt id, as far as they are known.

        Raises:
            ManifestError: a file with the texts is damaged.
        """
        texts_of_own = own_texts.load(self.own) if self.own else {}
        shipped, rendered = manifest.load(self.shipped).prompts, ledger.load(self.shipped)
        texts = {}
        for prompt in prompts:
            path = self.files.get(f"{LANGUAGE}/{prompt}.wav")
            if path is None:
                continue
            if prompt in self.own_prompts:
                if (text := texts_of_own.get(prompt)) and text.is_of(path):
                    texts[prompt] = text.text
            elif entry := shipped.get(prompt):
                rendering = rendered.get(prompt)
                if entry.human or (rendering is not None and rendering.narrow == ledger.digests_of_files(path)[0]):
                    texts[prompt] = entry.text
        return texts

    def seconds(self, prompts: Iterable[str]) -> dict[str, float]:
        """Return the seconds of the recordings of ``prompts``, by prompt id; a file that is no sound is left out."""
        lengths = {}
        for prompt in prompts:
            if path := self.files.get(f"{LANGUAGE}/{prompt}.wav"):
                with suppress(OSError, EOFError, wave.Error), wave.open(str(path), "rb") as sound:
                    lengths[prompt] = sound.getnframes() / sound.getframerate()
        return lengths


def catalogue(shipped: Path, own_folder: Path | None = None) -> PromptCatalogue:
    """Read the folder of shipped recordings and, if there is one, the site's own folder."""
    files = _sounds(shipped)
    if own_folder is None or not own_folder.is_dir() or own_folder.resolve() == shipped.resolve():
        return PromptCatalogue(shipped, None, files, frozenset())
    own_files = _sounds(own_folder)
    replaced = {_stem(name) for name in own_files}
    shipped_files = {name: path for name, path in files.items() if _stem(name) not in replaced}
    prompts = frozenset(stem.partition("/")[2] for stem in replaced)
    return PromptCatalogue(shipped, own_folder, shipped_files | own_files, prompts - {MUSIC})


def _sounds(recordings: Path) -> dict[str, Path]:
    paths = sorted(path for folder in _FOLDERS for path in (recordings / folder).rglob("*") if path.is_file())
    return {path.relative_to(recordings).as_posix(): path for path in paths if path.suffix in _SUFFIXES}


def _stem(name: str) -> str:
    return name.rpartition(".")[0]
