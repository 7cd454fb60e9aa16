"""Debian packages unpacked into a folder, without root and without installing them.

apt gets lists, a cache and a status of its own. Therefore it works for any user and does not change the machine's
packages. It still checks the signatures of the suite.
"""

import os
import platform
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from ivr.runtime.errors import RuntimeMissing
from ivr.texts import _

Progress: TypeAlias = Callable[[str, float], None]  # the step, and its done part: 0 to 1

_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_WRAPPER = """\
#!/bin/sh
root=$(dirname "$0")/..
for libraries in "$root"/usr/lib/*-linux-* "$root"/lib/*-linux-* "$root"/usr/lib/*-linux-*/pulseaudio; do
    LD_LIBRARY_PATH=$libraries${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}
done
export LD_LIBRARY_PATH
exec "$root/{program}" "$@"
"""
_SOURCE = "Types: deb\nURIs: {site}\nSuites: {suite}\nComponents: main\n"


def sources_of(suite: str) -> list[str]:
    """Return apt sources of Debian's ``suite``, one for each mirror in this machine's sources.

    Usually there is one source; on another system than Debian there is none. The signature of a vendor's repository
    that looks like Debian's is refused later.
    """
    system = platform.freedesktop_os_release()
    if system.get("ID") != "debian":
        return []
    with tempfile.TemporaryDirectory() as folder:  # asked without package lists, apt answers from its sources alone
        listing = subprocess.run(
            ["apt-get", "-o", f"Dir::State::lists={folder}", "update", "--print-uris"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    own_releases = {system.get("VERSION_CODENAME", ""), "stable", "testing", "unstable", "sid"}
    repositories = dict.fromkeys(re.findall(r"'(\S+)/dists/([^/]+)/main/binary-", listing))
    signed = f"Signed-By: {_KEYRING}\n" if _KEYRING.exists() else ""  # else apt uses the machine's own keys
    return [
        _SOURCE.format(site=site, suite=suite) + signed for site, release in repositories if release in own_releases
    ]


@dataclass(frozen=True, slots=True)
class DebianPackage:
    """Packages to unpack with their dependencies, and the files to keep."""

    package: str
    keep: tuple[str, ...]  # patterns, relative to the unpacked root
    without: str = ""  # a package to leave to the machine
    also: tuple[str, ...] = ()  # further packages


def unpack(package: DebianPackage, source: str | None, target: Path, progress: Progress) -> None:
    """Download a package from ``source`` (None: the machine's own sources), and unpack it into ``target``.

    Raises:
        RuntimeMissing: apt cannot fetch the packages; the message is apt's.
    """
    with tempfile.TemporaryDirectory(prefix="hotline-packages-") as folder:
        work = Path(folder)
        work.chmod(0o755)  # as root, apt downloads as a user of its own
        apt = _prepare(work, source)
        _update(apt, work, progress)
        step = _("downloading {package} and its dependencies").format(package=package.package)
        _run_apt([*apt, "install", "--yes", "--download-only", package.package, *package.also], work, step, progress)
        archives = [path for path in (work / "archives").glob("*.deb") if path.name.split("_")[0] != package.without]
        if not archives:
            raise RuntimeMissing(_("apt-get downloaded nothing; a source of kind file: serves only this machine's apt"))
        unpacked = target / ".all"
        unpacked.mkdir(exist_ok=True)
        for finished, archive in enumerate(archives):
            progress(_("unpacking {package}").format(package=package.package), finished / len(archives))
            _extract(archive, unpacked)
    for path in [path for pattern in package.keep for path in unpacked.glob(pattern)]:
        target_path = target / path.relative_to(unpacked)
        target_path.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target_path)
    shutil.rmtree(unpacked)


def wrap(root: Path, program: Path) -> Path:
    """Put in ``root/bin`` a script that starts an unpacked ``program`` with the libraries beside it; return it."""
    (root / "bin").mkdir(exist_ok=True)
    script = root / "bin" / program.name
    script.write_text(_WRAPPER.format(program=program.relative_to(root)), encoding="utf-8")
    script.chmod(0o755)
    return script


def _extract(archive: Path, target: Path) -> None:
    process = subprocess.run(["dpkg-deb", "--extract", archive, target], capture_output=True, text=True, check=False)
    if process.returncode != 0:
        raise RuntimeMissing(process.stderr.strip().replace("\n", "; "))


def _prepare(work: Path, source: str | None) -> list[str]:
    """Make apt's folders under ``work``, and return the command up to its verb."""
    for name in ("lists/partial", "archives/partial"):
        (work / name).mkdir(parents=True)
    (work / "status").touch()  # an empty status, so that apt downloads every dependency down to the C library
    options = [
        f"Dir::State={work}",
        f"Dir::State::lists={work}/lists",
        f"Dir::State::status={work}/status",
        f"Dir::Cache={work}",
        f"Dir::Cache::archives={work}/archives",
        "APT::Install-Recommends=false",
        "APT::Update::Error-Mode=any",
        "Acquire::Languages=none",
    ]
    if source is not None:
        (work / "hotline.sources").write_text(source, encoding="utf-8")
        options += [f"Dir::Etc::sourcelist={work}/hotline.sources", "Dir::Etc::sourceparts=/dev/null"]
    return ["apt-get", *(argument for option in options for argument in ("-o", option))]


def _update(apt: list[str], work: Path, progress: Progress) -> None:
    try:
        _run_apt([*apt, "update"], work, _("reading which packages there are"), progress)
    except RuntimeMissing as problem:
        # An outdated mirror is accepted, because its signature is still checked.
        if "is expired" not in str(problem):
            raise
        apt += ["-o", "Acquire::Check-Valid-Until=false"]
        step = _("reading which packages there are, although that list is past its date: its signature is checked")
        _run_apt([*apt, "update"], work, step, progress)


def _run_apt(command: list[str], work: Path, step: str, progress: Progress) -> None:
    """Run apt for one ``step``, and report its progress.

    Raises:
        RuntimeMissing: apt failed; the message has its errors.
    """
    progress(step, 0)
    reading, writing = os.pipe()
    with (work / "errors").open("w+") as errors, os.fdopen(reading) as states:
        apt = subprocess.Popen(
            [*command, "-o", f"APT::Status-Fd={writing}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=[writing],
            env={**os.environ, "LC_ALL": "C"},  # because its errors are read below
        )
        os.close(writing)
        for state in states:
            kind, _number, percent, _text = state.split(":", 3)
            if kind == "dlstatus":
                progress(step, float(percent) / 100)
        if apt.wait() != 0:
            errors.seek(0)
            reasons = [line[2:].strip() for line in errors if line.startswith("E:")]
            raise RuntimeMissing(
                _("apt-get: {error}").format(error=" ".join(reasons) or _("it failed and gave no reason"))
            )
