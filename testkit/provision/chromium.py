"""Chromium and a Chinese font, for the tests of the desk's page; the hotline needs none."""

import re
import shutil
import subprocess
from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder, found_or_fetched
from ivr.runtime.errors import RuntimeMissing
from ivr.texts import _

_NAME = "chromium"  # its folder in the cache
_PROGRAM = "usr/lib/chromium/chromium-headless-shell"
# The suite is the machine's own, so it runs with the machine's own C library and loader.
_BROWSER = debian.DebianPackage(
    "chromium-headless-shell", ("usr/lib/chromium", "usr/lib/*-linux-*", "lib/*-linux-*"), without="libc6"
)
_FONT = debian.DebianPackage("fonts-wqy-microhei", ("usr/share/fonts",))
_FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
"""


def program() -> Path:
    """Return the Chromium that set-up fetched, else the machine's own.

    Raises:
        RuntimeMissing: There is none, or it does not run.
    """
    fetched = cache_folder() / _NAME / "bin" / Path(_PROGRAM).name
    native = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return _checked(Path(native) if native and not fetched.exists() else fetched)


def fonts() -> Path | None:
    """Return the configuration that adds the Chinese font, for ``FONTCONFIG_FILE``; None with the machine's own."""
    path = cache_folder() / _NAME / "fonts.conf"
    return path if path.exists() else None


def install(progress: debian.Progress) -> Path:
    """Fetch Chromium into the cache unless `program` finds one; safe to repeat.

    Raises:
        RuntimeMissing: It cannot be fetched.
    """

    def fetch(root: Path) -> None:
        debian.unpack(_BROWSER, None, root, progress)
        debian.unpack(_FONT, None, root, progress)
        if not (root / _PROGRAM).is_file():
            raise RuntimeMissing(_("the package that was fetched has no Chromium"))
        place = cache_folder() / _NAME  # where the folder is put when it is complete
        (root / "fonts.conf").write_text(_FONTS.format(fonts=place / "usr/share/fonts"), encoding="utf-8")
        _checked(debian.wrap(root, root / _PROGRAM))

    return found_or_fetched(_NAME, program, fetch)


def _checked(found: Path) -> Path:
    try:
        answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise RuntimeMissing(_("no Chromium here; run '.venv/bin/python -m testkit.provision --tests'")) from error
    if not re.search(r"Chromium \d", answer.stdout):
        raise RuntimeMissing(
            _("Chromium at {path} does not run: {reason}").format(
                path=found, reason=(answer.stderr or answer.stdout).strip().partition("\n")[0]
            )
        )
    return found
