"""The version before, for a cluster of two versions: its code from the history, beside the packages of this .venv."""

import subprocess
import sys
import sysconfig
import tarfile
import venv
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from testkit.hotline.running import ROOT

COMMIT = "9a16c34f1d3167c22e3ade4d61dd72ee1532d077"
"""The last commit whose database has the schema r0035. No version has been released yet; then this is its tag."""

VERSION = f"0.1.0.dev0+g{COMMIT[:8]}"
"""The version that its nodes report."""

_MADE_FROM = ("ivr", "agi_scripts", "dialplans", "recordings", "articles", "numbers.yaml", "orders.yaml")
_NAME = "hotline_12345"
_PROGRAM = "#!{python}\nimport sys\nfrom ivr.cli.main import main\nsys.exit(main())\n"


class HistoryMissing(Exception):
    """The checkout does not have the commit, for example because it is a shallow clone."""


def install() -> Path:
    """Install the version before, if that was not done yet, and return its program ``ivr``.

    It uses the packages of this .venv, so that nothing is fetched; so the packages must be those of both versions.

    Raises:
        HistoryMissing: the checkout does not have the commit.
    """
    folder = Path(sys.prefix) / f"version-{COMMIT[:8]}"
    program = folder / "bin" / "ivr"
    if not program.exists():
        code = _code()
        venv.create(folder, clear=True)
        with tarfile.open(fileobj=BytesIO(code)) as archive:
            archive.extractall(folder / "code")
        _compile_texts(folder / "code")
        _link_packages(folder)
        program.write_text(_PROGRAM.format(python=folder / "bin" / "python"), encoding="utf-8")
        program.chmod(0o755)
    return program


def _code() -> bytes:
    if _git("cat-file", "-e", f"{COMMIT}^{{commit}}").returncode != 0:
        raise HistoryMissing(
            f"this checkout does not have the commit {COMMIT[:8]}, the version before; "
            "'git fetch --unshallow' gets the whole history"
        )
    done = _git("archive", "--format=tar", COMMIT, *_MADE_FROM)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def _git(*words: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), *words]
    return subprocess.run(command, capture_output=True, check=False)


def _compile_texts(code: Path) -> None:
    for source in (code / "ivr/texts/locale").glob("*/LC_MESSAGES/*.po"):
        with source.open(encoding="utf-8") as text, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(text))


def _link_packages(folder: Path) -> None:
    """Let the packages be found in one folder, because call scripts know only one."""
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if _NAME not in package.name:
            (packages / package.name).symlink_to(package)
    (packages / f"{_NAME}.pth").write_text(f"{folder / 'code'}\n", encoding="utf-8")
    about = packages / f"{_NAME}-{VERSION}.dist-info"
    about.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: hotline-12345\nVersion: {VERSION}\n"
    (about / "METADATA").write_text(metadata, encoding="utf-8")
