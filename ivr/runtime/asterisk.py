"""Finds the Asterisk to run: a native Asterisk of a good version, else the Asterisk that set-up fetched."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder, found_or_fetched
from ivr.runtime.errors import RuntimeMissing
from ivr.texts import _

OLDEST = "22.10"
"""The oldest release that the tests ran with. Older releases lack modules of the configuration: res_cdrel_custom (CEL
without the dialplan's substitution) and `force_longest_waiting_caller = prio` (queues.conf)."""
KNOWN_BAD: Mapping[str, str] = MappingProxyType(
    {"22.11.0": "it does not bridge a channel that is listened to (asterisk#2134)"}
)
"""Releases that are refused by name, and why."""
_NAME = "asterisk"  # its folder in the cache
_PACKAGE = debian.DebianPackage("asterisk", ("usr/lib/*-linux-*", "usr/sbin/asterisk", "usr/share/asterisk"))
_NEEDED_MODULES = ("res_pjsip.so", "res_agi.so", "app_queue.so", "cel_custom.so", "res_cdrel_custom.so")
_NATIVE_MODULES = ("/usr/lib/*-linux-*/asterisk/modules", "/usr/lib/asterisk/modules", "/usr/lib64/asterisk/modules")
_NATIVE_DATA = ("/usr/share/asterisk", "/var/lib/asterisk")


@dataclass(frozen=True, slots=True)
class AsteriskRuntime:
    """An Asterisk that answered when asked for its version."""

    argv: tuple[str, ...]  # the command; append Asterisk's own arguments
    modules: Path  # for astmoddir
    version: str  # "22.10.1+dfsg+~cs6.17.60671434-1"
    data: Path  # holds Asterisk's documentation/, without which its modules refuse their configuration


def find() -> AsteriskRuntime:
    """Return the Asterisk to run. It is asked for its version, so that a broken Asterisk is noticed.

    Raises:
        RuntimeMissing: There is no Asterisk, or the fetched Asterisk is broken or too old.
    """
    native = _native()
    if native is not None:
        return native
    root = cache_folder() / _NAME
    if not root.is_dir():
        raise RuntimeMissing(_("no Asterisk {oldest} or newer here; run 'make setup'").format(oldest=OLDEST))
    runtime = _relocatable(root)
    if runtime.version != _record(root).read_text(encoding="utf-8"):
        raise RuntimeMissing(_broken(root, _("it is not the version that was fetched")))
    return runtime


def install(progress: debian.Progress) -> AsteriskRuntime:
    """Fetch the relocatable runtime into the cache unless `find` finds an Asterisk; safe to repeat.

    Raises:
        RuntimeMissing: It cannot be fetched, or is not fit for this machine.
    """

    def fetch(root: Path) -> None:
        _fetch(root, progress)
        _record(root).write_text(_relocatable(root).version, encoding="utf-8")

    return found_or_fetched(_NAME, find, fetch)


def _fetch(root: Path, progress: debian.Progress) -> None:
    """Unpack Asterisk into ``root``: from Debian's sid (stable has no Asterisk), else from this system's sources."""
    problems = []
    sources: list[str | None] = [*debian.sources_of("sid")]
    for source in sources or [None]:
        try:
            debian.unpack(_PACKAGE, source, root, progress)
        except RuntimeMissing as problem:
            problems.append(str(problem))
        else:
            return
    raise RuntimeMissing(
        _(
            "Asterisk cannot be fetched ({reason}); install Asterisk {oldest} or newer yourself, then 'make setup'"
        ).format(reason="; ".join(problems), oldest=OLDEST)
    )


def _native() -> AsteriskRuntime | None:
    binary = shutil.which("asterisk") or shutil.which("asterisk", path="/usr/sbin:/usr/local/sbin")
    modules = next((path for pattern in _NATIVE_MODULES for path in Path("/").glob(pattern[1:])), None)
    data_folder = next((path for path in map(Path, _NATIVE_DATA) if (path / "documentation").is_dir()), None)
    if binary is None or modules is None or data_folder is None:
        return None
    try:
        return _checked((binary,), modules, data_folder)
    except RuntimeMissing:
        return None  # too old, or a needed module is missing, or known to be bad: the fetched Asterisk is used instead


def _relocatable(root: Path) -> AsteriskRuntime:
    """Return the runtime under ``root``. Its own loader starts it, so that it needs neither chroot nor root."""
    modules = next(root.glob("usr/lib/*/asterisk/modules"), None)
    loader = modules and next(modules.parents[1].glob("ld-linux*.so.*"), None)
    if modules is None or loader is None:
        raise RuntimeMissing(_broken(root, _("parts of it are missing")))
    argv = (str(loader), "--library-path", str(modules.parents[1]), str(root / "usr/sbin/asterisk"))
    return _checked(argv, modules, root / "usr/share/asterisk")


def _record(root: Path) -> Path:
    return root / "version"


def _checked(argv: tuple[str, ...], modules: Path, data_folder: Path) -> AsteriskRuntime:
    try:
        process = subprocess.run([*argv, "-V"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RuntimeMissing(_broken(Path(argv[-1]), str(error))) from error
    answer = re.match(r"Asterisk (?:certified[/-])?((\d+)\.(\d+)\S*)", process.stdout)
    if answer is None:
        raise RuntimeMissing(_broken(Path(argv[-1]), (process.stderr or process.stdout).strip().partition("\n")[0]))
    if (int(answer[2]), int(answer[3])) < tuple(map(int, OLDEST.split("."))):
        raise RuntimeMissing(
            _("{path} is Asterisk {version}; {oldest} or newer is needed: run 'make setup'").format(
                path=argv[-1], version=answer[1], oldest=OLDEST
            )
        )
    release = re.match(r"[\d.]*\d", answer[1])
    if release and (reason := KNOWN_BAD.get(release[0])):
        message = _("{path} is Asterisk {version}, which is known to be bad: {reason}; run 'make setup'")
        raise RuntimeMissing(message.format(path=argv[-1], version=answer[1], reason=reason))
    for module in _NEEDED_MODULES:
        if not (modules / module).is_file():
            raise RuntimeMissing(_broken(modules, _("{module} is missing").format(module=module)))
    return AsteriskRuntime(argv, modules, answer[1], data_folder)


def _broken(path: Path, reason: str) -> str:
    return _("Asterisk at {path} does not work ({reason}); run 'make setup'").format(path=path, reason=reason)
