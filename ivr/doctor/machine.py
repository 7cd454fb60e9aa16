"""The machine: Asterisk, recordings, speech, clock, disk."""

import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from ivr.control import control_client
from ivr.doctor.finding import Finding, ok, problem, warning
from ivr.meaning.package import missing
from ivr.prompts import check as prompts
from ivr.prompts import manifest as manifests
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import asterisk, hotline_facts
from ivr.runtime.errors import RuntimeMissing
from ivr.runtime.layout import Home
from ivr.shipped import RECORDINGS
from ivr.site import registry_history
from ivr.speech import model_search
from ivr.speech.reading_time import advice, in_words, slowest_reading
from ivr.texts import _

_FULL, _NEARLY = 500e6, 3e9  # bytes; a message takes up to 2 MB, a call's lines 2 KB
_CHINA = timedelta(hours=8)


def runtime(home: Home) -> Finding:
    """Check whether Asterisk is installed, and is the Asterisk that runs."""
    try:
        installed = asterisk.find()
    except RuntimeMissing as error:
        return problem(str(error), _("run 'make setup'"))
    if home.hotline.exists() and (running_version := hotline_facts.read(home.hotline).asterisk) != installed.version:
        text = _("Asterisk {new} is here, the hotline was started with {old}")
        return warning(
            text.format(new=installed.version, old=running_version), _("restart the hotline at a quiet hour")
        )
    return ok(_("Asterisk {version}").format(version=installed.version))


def recordings(_home: Home) -> Finding:
    """Check whether every prompt has a sound recording."""
    try:
        manifest = manifests.load(RECORDINGS)
        faults = [finding for finding in prompts.check(manifest) if finding.fault]
    except manifests.ManifestError as error:
        return problem(str(error), _("run 'ivr prompts check'"))
    if faults:
        text = _("recordings with a fault: {count}; the first: {fault}")
        return problem(
            text.format(count=len(faults), fault=faults[0]), _("run 'ivr prompts check', then put them right")
        )
    return ok(_("{count} recordings, complete").format(count=len(manifest.sounds)))


def speech(home: Home) -> Finding:
    """Check whether speech is recognised, and in time; the running hotline has measured the time."""
    choice = model_search.choose()
    if choice.found is None:
        text = _("no speech recognition, callers press keys: {reasons}").format(reasons="; ".join(choice.reasons))
        return warning(text, _("see 'ivr speech'; calls are taken without speech recognition, too"))
    name = _("speech recognition: {name}").format(name=choice.found.name)
    try:
        measured = control_client.ask(home, "speech")
    except (control_client.NotRunning, control_client.RequestRefused):
        measured = None
    if measured:
        name = _("speech recognition: {name}").format(name=in_words(**measured))
        if measured["seconds"] > slowest_reading():
            return warning(name, advice())
    if reason := missing():
        return warning(name, _("callers are understood by sound alone: {reason}").format(reason=reason))
    return ok(name)


def clock(home: Home) -> Finding:
    """Check whether the clock is plausible, because hours, dates and records depend on it."""
    now = datetime.now(CITY_TIME)
    if now.utcoffset() != _CHINA:
        return problem(
            _("the time zone data are damaged: the city is not at UTC+8"), _("install the package tzdata anew")
        )
    newest = _newest(home)
    if newest is not None and newest > now + timedelta(minutes=2):
        text = _("the clock shows {now:%Y-%m-%d %H:%M}, but a file here was written at {then:%Y-%m-%d %H:%M}")
        return problem(text.format(now=now, then=newest), _("set the clock; switch time synchronisation on"))
    if _synchronised() is False:
        return warning(
            _("the clock is not synchronised"), _("switch time synchronisation on (timedatectl set-ntp true)")
        )
    return ok(_("{now:%Y-%m-%d %H:%M} in the city").format(now=now))


def _newest(home: Home) -> datetime | None:
    """Return the time of the last write to a file of this hotline."""
    history = registry_history.history(home)
    files = [path for path in (home.cel / "cel.csv", home.queue_log) if path.exists()]
    moments = [datetime.fromtimestamp(path.stat().st_mtime, CITY_TIME) for path in files]
    return max([*moments, *(version.at for version in history[:1])], default=None)


def _synchronised() -> bool | None:
    """Ask systemd whether the clock is synchronised; None if the machine has no systemd."""
    command = shutil.which("timedatectl")
    if command is None:
        return None
    try:
        query = [command, "show", "--property=NTPSynchronized", "--value"]
        answer = subprocess.run(query, capture_output=True, text=True, timeout=3, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(answer.stdout.strip())


def disk(home: Home) -> Finding:
    """Check the free space of the disk for records and messages."""
    folder = next(path for path in (home.root, *home.root.parents) if path.exists())
    free_bytes = shutil.disk_usage(folder).free
    text = _("{free:.1f} GB free for {folder}").format(free=free_bytes / 1e9, folder=home.root)
    if free_bytes < _FULL:
        return problem(text, _("make room now, because records and messages are lost when the disk is full"))
    if free_bytes < _NEARLY:
        return warning(text, _("make room; see 'Logs' in docs/operations.md"))
    return ok(text)


def files(home: Home) -> Finding:
    """Check whether only the owner can read passwords, recordings and call records."""
    if not home.root.exists():
        return warning(_("{home} does not exist").format(home=home.root), _("'ivr up' makes it"))
    owner = home.root.stat().st_uid
    readable = [
        path for path in (home.root, *home.parts(), home.call_database, home.messages) if _is_wrong(path, owner)
    ]
    if readable:
        text = _("other users can read {path}, or own it").format(path=", ".join(map(str, dict.fromkeys(readable))))
        advice = _(
            "run 'chmod -R go= {home}' and chown {home} to the hotline's user; "
            "find out which user changed it, because passwords may be known"
        )
        return problem(text, advice.format(home=home.root))
    return ok(_("only the hotline's user can read {home}").format(home=home.root))


def _is_wrong(path: Path, owner: int) -> bool:
    if not path.exists() or path.is_symlink():
        return False
    status = path.stat()
    public = {"share", "hotline.json"}  # links to recordings, and sockets: no secrets, and behind a private folder
    return status.st_uid != owner or bool(path.name not in public and status.st_mode & 0o077)
