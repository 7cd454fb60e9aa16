"""A hotline that root starts runs as the user hotline, or names the folder that this user may not enter."""

import json
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from ivr.runtime import privilege
from ivr.runtime.errors import CannotDropRoot
from ivr.runtime.privilege import (
    SERVICE_USER,
    ServiceUser,
    as_service_user,
    become_service_user,
    make_service_user,
)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has root to drop")

# Prints its ids after it dropped root; ``argv`` is the state folder and a file to read.
PROGRAM = """
import json, os, sys
from pathlib import Path
from ivr.runtime.errors import CannotDropRoot
from ivr.runtime.privilege import become_service_user

home, registry = map(Path, sys.argv[1:])
try:
    become_service_user(home, [registry])
except CannotDropRoot as problem:
    sys.exit(str(problem))

import curses, sqlite3, xmlrpc.client  # modules that nothing loaded before
import segno

def read(path):
    try:
        return Path(path).read_text()
    except OSError as error:
        return type(error).__name__

(home / "written").write_text("by the service user")
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps({
    "ids": os.getresuid() + os.getresgid(), "groups": os.getgroups(), "pid": os.getpid(), "cwd": os.getcwd(),
    "caps": [int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
    "no_new_privs": int(status["NoNewPrivs"]), "shadow": read("/etc/shadow"), "registry": read(registry),
    "HOME": os.environ["HOME"],
    "USER": os.environ["USER"], "session": [name for name in os.environ if name.startswith(("XDG_RUN", "TMPDIR"))],
}))
"""


class ProgramFolder:
    """A folder with a program, a registry and a state folder in it."""

    def __init__(self, root: Path) -> None:
        make_service_user()
        self.root, self.home, self.registry = root, root / "state", root / "conf" / "numbers.yaml"
        self.program = root / "program" / "program.py"
        for file, text in (
            (self.program, PROGRAM),
            (self.registry, "lines: []"),
            (root / "private" / "beside", "nobody's business"),
        ):
            file.parent.mkdir(mode=0o755)
            file.write_text(text)
            file.chmod(0o644)

    def run(self, *prefix: str, home: Path | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = [*prefix, sys.executable, str(self.program), str(home or self.home), str(self.registry)]
        environment = {**os.environ, "XDG_RUNTIME_DIR": "/run/user/0", "TMPDIR": str(self.root)}
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=cwd or self.root, env=environment
        )


@pytest.fixture
def place(open_folder: Path) -> ProgramFolder:
    return ProgramFolder(open_folder)


@as_root
def test_root_privileges_are_dropped_for_good(place: ProgramFolder) -> None:
    process = place.run()
    assert process.returncode == 0, process.stderr
    printed = json.loads(process.stdout)
    user = pwd.getpwnam(SERVICE_USER)
    assert printed["ids"] == [user.pw_uid] * 3 + [user.pw_gid] * 3
    assert printed["groups"] == []
    assert printed["caps"] == [0, 0, 0, 0, 0]
    assert printed["no_new_privs"] == 1
    assert printed["shadow"] == "PermissionError"


@as_root
def test_relative_paths_name_the_same_files(place: ProgramFolder) -> None:
    folder = place.root / "elsewhere"
    folder.mkdir(mode=0o755)
    command = [sys.executable, str(place.program), "../state", "../conf/numbers.yaml"]
    process = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert process.returncode == 0, process.stderr
    printed = json.loads(process.stdout)
    assert (printed["registry"], printed["cwd"]) == ("lines: []", str(folder))


@as_root
def test_the_service_users_environment_is_its_own(place: ProgramFolder) -> None:
    printed = json.loads(place.run().stdout)
    assert (printed["HOME"], printed["USER"], printed["session"]) == (str(place.home), SERVICE_USER, [])


@as_root
def test_the_service_users_process_keeps_its_process_id_so_that_signals_reach_it(place: ProgramFolder) -> None:
    child = subprocess.Popen(
        [sys.executable, place.program, place.home, place.registry], stdout=subprocess.PIPE, text=True, cwd="/"
    )
    printed = json.loads(child.communicate()[0])
    assert printed["pid"] == child.pid


@as_root
def test_a_second_start_takes_over_what_root_left_in_the_state_folder(place: ProgramFolder) -> None:
    place.run()
    (place.home / "log").mkdir(mode=0o700)
    (place.home / "log" / "messages").touch(mode=0o600)
    assert place.run().returncode == 0
    assert (place.home / "log" / "messages").owner() == SERVICE_USER
    assert (place.home / "log").owner() == SERVICE_USER


@as_root
def test_a_link_planted_in_the_state_folder_changes_no_owner(place: ProgramFolder) -> None:
    theirs = place.root / "private" / "beside"
    (place.home / "log").mkdir(parents=True)
    (place.home / "log" / "hard").hardlink_to(theirs)
    (place.home / "log" / "soft").symlink_to(theirs)
    (place.home / "db").symlink_to(theirs.parent)
    place.run()
    assert theirs.owner() == theirs.parent.owner() == "root"


@as_root
@pytest.mark.parametrize("closed", ["conf", "state of/the site"])
def test_a_closed_folder_is_named_with_advice_and_nothing_is_changed(place: ProgramFolder, closed: str) -> None:
    folder = place.root / closed
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    process = place.run(home=folder / "state")
    assert process.returncode == 1
    assert f"the user hotline, who may not enter {folder} on the way to" in process.stderr
    assert process.stderr.endswith(f"run: chmod o+rx {folder}\n")
    assert process.stderr.count("\n") == 1
    assert not (folder / "state").exists()


@as_root
def test_no_advice_opens_a_persons_own_folder(place: ProgramFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    place.root.chmod(0o700)
    monkeypatch.setattr(privilege, "_homes", lambda: {place.root})
    with pytest.raises(CannotDropRoot, match="put it elsewhere, such as /srv or /opt") as refusal:
        become_service_user(place.home)
    assert "chmod" not in str(refusal.value)


@as_root
def test_a_registry_that_only_root_reads_is_named(place: ProgramFolder) -> None:
    place.registry.chmod(0o600)
    process = place.run()
    assert process.returncode == 1
    assert f"the user hotline may not read {place.registry}" in process.stderr


@pytest.mark.parametrize("folder", ["/", "/etc", "/usr/bin", "/tmp/../usr"])  # bin's home is /bin
def test_a_folder_of_the_system_is_not_taken_for_state(folder: str) -> None:
    user = ServiceUser(SERVICE_USER, 4_000_000, 4_000_000)
    with pytest.raises(CannotDropRoot, match="name a folder of its own with --home"):
        privilege._refuse_others(
            Path(folder), user
        )  # without dropping root, because a failure of this test would give the folder away


@as_root
def test_any_command_can_be_run_as_the_service_user(place: ProgramFolder) -> None:
    command = as_service_user(["id", "-un"], place.home)
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "hotline\n"
    assert place.home.owner() == SERVICE_USER


@pytest.mark.skipif(os.geteuid() == 0, reason="root drops root")
def test_an_ordinary_user_stays_the_same_user(tmp_path: Path) -> None:
    become_service_user(tmp_path / "never made")
    assert as_service_user(["id"], tmp_path) == ["id"]
    assert not (tmp_path / "never made").exists()


def test_without_the_service_user_the_error_says_how_to_make_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.runtime.privilege.SERVICE_USER", "nobody-of-that-name")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(CannotDropRoot, match="nobody-of-that-name is missing: run 'make setup' as root"):
        become_service_user(tmp_path)


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "open_to"),
    [(0o700, 1, 1, False), (0o711, 1, 1, False), (0o755, 1, 1, True), (0o750, 1, 0, True), (0o507, 0, 1, True)],
)
def test_the_right_to_enter_is_read_from_owner_group_and_mode(
    tmp_path: Path, mode: int, uid: int, gid: int, open_to: bool
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(mode)
    status = folder.stat()
    user = ServiceUser("somebody", status.st_uid if uid == 0 else 4_000_000, status.st_gid if gid == 0 else 4_000_000)
    assert user.may(folder, 5) is open_to
