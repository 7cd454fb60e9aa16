"""Chromium and a Chinese font, for the tests of the desk's page; the hotline needs none."""

import shutil
from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder, found_or_fetched
from testkit.provision.fetched_program import unpack_program, version_of

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
        browser = unpack_program(_BROWSER, _PROGRAM, root, progress)
        debian.unpack(_FONT, None, root, progress)
        place = cache_folder() / _NAME  # where the folder is put when it is complete
        (root / "fonts.conf").write_text(_FONTS.format(fonts=place / "usr/share/fonts"), encoding="utf-8")
        _checked(browser)

    return found_or_fetched(_NAME, program, fetch)


def _checked(found: Path) -> Path:
    version_of(found, "--version", r"Chromium (\d[\w.]*)", "--tests")
    return found
