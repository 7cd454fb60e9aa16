"""The state folder of one hotline, which holds every file that the hotline writes."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

_SOCKET_PATH_BYTES = 100  # the kernel takes 107; Asterisk adds a suffix to some of its own


@dataclass(frozen=True, slots=True)
class Home:
    """The state folder of one hotline. Every path is absolute; all folders are the owner's alone (0700)."""

    root: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", self.root.absolute())

    @property
    def etc(self) -> Path:
        """Asterisk's configuration, written at each start."""
        return self.root / "etc"

    @property
    def run(self) -> Path:
        """Sockets and the process id. If this path is too long for a socket, the folder is elsewhere, behind a link."""
        return (self.root / "run").resolve()

    @property
    def log(self) -> Path:
        """Asterisk's messages, its queue_log, its CEL file, and the engine's own log."""
        return self.root / "log"

    @property
    def db(self) -> Path:
        """Asterisk's astdb and the SQLite database of call records."""
        return self.root / "db"

    @property
    def messages(self) -> Path:
        """Messages of citizens, one recording for each work order."""
        return self.root / "messages"

    @property
    def recordings(self) -> Path:
        """Recordings of calls (通话录音), one file for each call."""
        return self.root / "recordings"

    @property
    def order_files(self) -> Path:
        """Photos and documents of work orders, each named by the SHA-256 of its content."""
        return self.root / "order-files"

    @property
    def answers(self) -> Path:
        """The sounds of the articles' short answers, rendered from the knowledge base."""
        return self.root / "answers"

    @property
    def registry(self) -> Path:
        """Each registry that was applied, so that an old call can be explained by the registry of its time."""
        return self.root / "registry"

    @property
    def registry_snapshot(self) -> Path:
        """The registry in force, as a call script without the engine reads it."""
        return self.registry / "snapshot.json"

    @property
    def text_weights(self) -> Path:
        """The weights of the registry's texts, which take seconds to learn; see `ivr.meaning.kept_weights`."""
        return self.root / "text-weights"

    @property
    def drafts(self) -> Path:
        """Recordings of registry drafts at the desk, a folder for each draft."""
        return self.root / "drafts"

    @property
    def share(self) -> Path:
        """Links to the prompts and to Asterisk's documentation, where Asterisk looks for them."""
        return self.root / "share"

    @property
    def prompts(self) -> Path:
        """The recordings that Asterisk plays: a link to a copy of the recordings in force."""
        return self.share / "prompts"

    @property
    def spool(self) -> Path:
        """Asterisk's spool and other folders that Asterisk needs."""
        return self.root / "spool"

    @property
    def control_socket(self) -> Path:
        """The socket by which ``ivr status`` and other commands ask the engine."""
        return self.run / "control.sock"

    @property
    def desk_socket(self) -> Path:
        """The socket by which the supervisor process asks the desk's process whether it answers."""
        return self.run / "desk.sock"

    @property
    def asterisk_socket(self) -> Path:
        """Asterisk's own console socket."""
        return self.run / "asterisk.ctl"

    @property
    def queue_log(self) -> Path:
        """Asterisk's queue_log: the events of each queue caller."""
        return self.log / "queue_log"

    @property
    def unreadable_messages(self) -> Path:
        """Asterisk's log of SIP messages that cannot be read; the engine empties it."""
        return self.log / "unreadable"

    @property
    def asterisk_logs(self) -> tuple[Path, ...]:
        """Asterisk's warnings and errors, and the peers that it refused."""
        return (self.log / "messages", self.log / "security")

    @property
    def cel(self) -> Path:
        """The folder of Asterisk's channel event files (cel_custom)."""
        return self.log / "cel-custom"

    @property
    def call_database(self) -> Path:
        """The call records, unless ``--database`` names another place."""
        return self.db / "calls.sqlite3"

    @property
    def asterisk_database(self) -> Path:
        """Asterisk's own database: which phones are registered, and which seats are signed in where."""
        return self.db / "astdb.sqlite3"

    @property
    def secrets(self) -> Path:
        """Passwords of the seats and of AMI; see `ivr.runtime.secrets`."""
        return self.root / "secrets.json"

    @property
    def tls(self) -> Path:
        """The desk's certificate and its key, unless the site folder has the city's own."""
        return self.root / "tls"

    @property
    def front(self) -> Path:
        """Kamailio's files, if this machine is a front of a cluster."""
        return self.root / "front"

    @property
    def hotline(self) -> Path:
        """The facts of the running hotline: addresses, ports, process id. No password."""
        return self.root / "hotline.json"

    @property
    def reserve(self) -> Path:
        """Room on the disk, which is freed when the disk is full (see `ivr.supervisor.reserve`)."""
        return self.root / "reserve"

    @property
    def asterisk_program(self) -> Path:
        """The program ``asterisk`` for this hotline's console, with its libraries and its configuration."""
        return self.root / "asterisk"

    def parts(self) -> tuple[Path, ...]:
        """The hotline's files and folders directly in the root; some may not exist."""
        machinery = (self.etc, self.root / "run", self.log, self.db, self.share, self.spool)
        return (
            *machinery,
            self.messages,
            self.recordings,
            self.order_files,
            self.answers,
            self.registry,
            self.text_weights,
            self.drafts,
            self.secrets,
            self.tls,
            self.front,
            self.hotline,
            self.reserve,
            self.asterisk_program,
        )

    def create(self) -> None:
        """Make every folder, for the owner alone; safe to repeat.

        Raises:
            OSError: A folder cannot be made or is another user's.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        self._create_run()
        kept_folders = (self.messages, self.recordings, self.order_files, self.answers, self.registry, self.drafts)
        for folder in (self.etc, self.log, self.cel, self.db, *kept_folders, self.text_weights, self.spool):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)

    def _create_run(self) -> None:
        plain = self.root / "run"
        is_short_enough = len(os.fsencode(plain / "control.sock")) <= _SOCKET_PATH_BYTES
        if plain.is_symlink() and (is_short_enough or not _private(plain.resolve())):
            plain.unlink()
        elif plain.is_dir() and not plain.is_symlink() and not is_short_enough:
            shutil.rmtree(plain)  # because the home was moved here: the folder has only sockets of a dead hotline
        if is_short_enough:
            plain.mkdir(exist_ok=True)
            plain.chmod(0o700)
        elif not plain.is_symlink():
            plain.symlink_to(tempfile.mkdtemp(prefix="hotline-", dir="/tmp"))


def _private(folder: Path) -> bool:
    """Tell whether ``folder`` is a folder of this user, because another user may have prepared it in /tmp."""
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return False
    return folder.is_dir() and status.st_uid == os.geteuid() and status.st_mode & 0o077 == 0
