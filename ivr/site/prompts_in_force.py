"""The recordings that Asterisk plays: a copy in the state folder, which a new registry replaces as a whole."""

import os
import shutil
import tempfile
from pathlib import Path

from ivr.asterisk.config.render import SLOW_LANGUAGE
from ivr.runtime.layout import Home
from ivr.site.prompt_catalogue import PromptCatalogue, catalogue
from ivr.site.registry_history import link_or_copy, point

_PREFIX = "prompts-"


def prepare(home: Home, prompts: PromptCatalogue) -> Path:
    """Copy every recording that callers will hear into a new folder, which Asterisk does not play yet.

    A file that is in force already gets a second name instead of a copy, and so does each slow copy in force;
    `ivr.site.slow_prompts.refresh` then makes the slow copies of changed prompts.
    """
    home.share.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home.share))
    for name, path in prompts.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        link_or_copy(path, folder / name, home.prompts / name)
    for slow in (home.prompts / SLOW_LANGUAGE).rglob("*.wav"):
        copy = folder / slow.relative_to(home.prompts)
        copy.parent.mkdir(parents=True, exist_ok=True)
        os.link(slow, copy)
    return folder


def switch(home: Home, folder: Path) -> None:
    """Let Asterisk play from ``folder`` from now on; the earlier folder is kept until the next switch."""
    earlier = home.prompts.resolve()
    point(home.prompts, folder.name)
    for old_folder in home.share.glob(f"{_PREFIX}*"):
        if old_folder not in (folder, earlier):
            shutil.rmtree(old_folder, ignore_errors=True)


def differing(home: Home, prompts: PromptCatalogue) -> tuple[str, ...]:
    """Return the ids of the prompts whose recording in force differs, is missing, or would be removed.

    No prompt differs if there is no copy yet, because an earlier version of the program ran last.
    """
    if not home.prompts.is_dir():
        return ()
    playing = catalogue(home.prompts).files
    names = {
        name
        for name in {*playing, *prompts.files}
        if name not in playing
        or name not in prompts.files
        or playing[name].read_bytes() != prompts.files[name].read_bytes()
    }
    return tuple(sorted({name.partition("/")[2].rpartition(".")[0] for name in names}))
