"""Packages are fetched by apt from a repository, without root, and unpacked whole or not at all."""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr.runtime import cache, debian
from ivr.runtime.cache import cache_folder, filling, locked
from ivr.runtime.errors import RuntimeMissing

pytestmark = pytest.mark.skipif(not shutil.which("apt-get"), reason="this system has no apt")

WANTED = debian.DebianPackage("switch", ("usr/sbin/*", "usr/lib/*"), without="library")


class Repository:
    """A repository in a folder: ``switch``, which needs ``library``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.chmod(0o755)
        stanzas = [self._package("switch", "library", "usr/sbin/switch"), self._package("library", "", "usr/lib/code")]
        (root / "Packages").write_text("\n".join(stanzas))
        self.release("")

    @property
    def source(self) -> str:
        return f"Types: deb\nURIs: copy:{self.root}\nSuites: ./\nTrusted: yes\n"

    def release(self, validity: str) -> None:
        listed = (self.root / "Packages").read_bytes()
        (self.root / "Release").write_text(
            f"Suite: test\n{validity}SHA256:\n {hashlib.sha256(listed).hexdigest()} {len(listed)} Packages\n"
        )

    def _package(self, name: str, needs: str, file: str) -> str:
        tree = self.root / "trees" / name
        for path, text in ((file, name), ("usr/share/doc/manual", "long"), ("DEBIAN/control", "")):
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text)
        control = f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: a <a@example.org>\n"
        control += f"Description: {name}\n"
        control += f"Depends: {needs}\n" if needs else ""
        (tree / "DEBIAN/control").write_text(control)
        (tree / "DEBIAN").chmod(0o755)
        archive = self.root / f"{name}_1_all.deb"
        subprocess.run(["dpkg-deb", "--build", "--root-owner-group", tree, archive], check=True, capture_output=True)
        content = archive.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        return f"{control}Filename: ./{archive.name}\nSize: {len(content)}\nSHA256: {digest}\n"


@pytest.fixture
def repository() -> Iterator[Repository]:
    with tempfile.TemporaryDirectory() as folder:  # not tmp_path, because root's apt reads the folder as the user _apt
        yield Repository(Path(folder))


def unpacked(source: str, into: Path, package: debian.DebianPackage = WANTED) -> list[str]:
    """Unpack a package; return the reported steps."""
    into.mkdir()
    steps: list[str] = []
    debian.unpack(package, source, into, lambda step, _share: steps.append(step))
    return list(dict.fromkeys(steps))


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_only_the_wanted_files_of_a_package_are_kept(repository: Repository, tmp_path: Path) -> None:
    steps = unpacked(repository.source, tmp_path / "into")
    assert files(tmp_path / "into") == ["usr/sbin/switch"]
    assert steps == [
        "reading which packages there are",
        "downloading switch and its dependencies",
        "unpacking switch",
    ]


def test_a_package_comes_with_its_dependencies(repository: Repository, tmp_path: Path) -> None:
    unpacked(repository.source, tmp_path / "into", debian.DebianPackage("switch", ("usr/sbin/*", "usr/lib/*")))
    assert files(tmp_path / "into") == ["usr/lib/code", "usr/sbin/switch"]


def test_a_package_list_past_its_date_is_used_with_a_warning(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = tmp_path / "apt.conf"
    strict.write_text('Acquire::Check-Valid-Until "true";\nAcquire::Check-Date "true";\n')
    prepare = debian._prepare
    monkeypatch.setattr(debian, "_prepare", lambda *given: [*prepare(*given), "--config-file", str(strict)])
    repository.release("Date: Sat, 01 Jan 2022 00:00:00 UTC\nValid-Until: Sat, 08 Jan 2022 00:00:00 UTC\n")
    steps = unpacked(repository.source, tmp_path / "into")
    assert "although that list is past its date" in steps[1]
    assert files(tmp_path / "into") == ["usr/sbin/switch"]


def test_a_package_that_was_changed_on_the_way_is_refused(repository: Repository, tmp_path: Path) -> None:
    with (repository.root / "library_1_all.deb").open("r+b") as archive:
        archive.seek(100)
        archive.write(b"changed")
    with pytest.raises(RuntimeMissing, match=r"apt-get: .*library_1_all"):
        unpacked(repository.source, tmp_path / "into")


def test_a_repository_of_local_files_is_refused_with_the_reason(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(RuntimeMissing, match="apt-get downloaded nothing"):
        unpacked(repository.source.replace("copy:", "file:"), tmp_path / "into")


def test_an_unsigned_repository_is_refused(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(RuntimeMissing, match="not signed"):
        unpacked(repository.source.replace("Trusted: yes\n", ""), tmp_path / "into")


def test_a_missing_package_is_named(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(RuntimeMissing, match="Unable to locate package exchange"):
        unpacked(repository.source, tmp_path / "into", debian.DebianPackage("exchange", ()))


def test_the_packages_of_the_machine_do_not_change(repository: Repository, tmp_path: Path) -> None:
    status_time = Path("/var/lib/dpkg/status").stat().st_mtime_ns
    unpacked(repository.source, tmp_path / "into")
    assert Path("/var/lib/dpkg/status").stat().st_mtime_ns == status_time


@pytest.fixture
def fill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, bool], None]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def fill(text: str, cut_off: bool) -> None:
        with locked(), filling("program") as folder:
            (folder / "file").write_text(text)
            if cut_off:
                raise KeyboardInterrupt

    return fill


def test_a_set_up_that_is_cut_off_leaves_what_was_there(fill: Callable[[str, bool], None]) -> None:
    fill("old", False)
    with pytest.raises(KeyboardInterrupt):
        fill("half", True)
    assert files(cache_folder()) == ["lock", "program/file"]
    assert (cache_folder() / "program/file").read_text() == "old"
    fill("new", False)
    assert (cache_folder() / "program/file").read_text() == "new"


def test_the_remains_of_a_killed_set_up_are_cleared_away(fill: Callable[[str, bool], None]) -> None:
    fill("old", False)
    (cache_folder() / ".unfinished-x").mkdir()
    fill("new", False)
    assert sorted(path.name for path in cache_folder().iterdir()) == ["lock", "program"]


def test_the_cache_is_each_users_own_and_roots_is_open_to_the_hotlines_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert cache_folder() == Path("/var/cache/hotline-12345")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert cache_folder() == Path("/home/somebody/.cache/hotline-12345")
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    assert cache_folder() == Path("/elsewhere/hotline-12345")


def test_programs_in_roots_own_folder_move_to_a_folder_of_the_hotlines_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    earlier = tmp_path / "root" / ".cache" / "hotline-12345"
    (earlier / "asterisk").mkdir(parents=True)
    (tmp_path / "var").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "root"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(cache, "_OF_ROOT", tmp_path / "var")
    with cache.locked():
        assert (cache_folder() / "asterisk").is_dir()
    assert earlier.resolve() == tmp_path / "var" / "hotline-12345", "a checkout of the earlier version goes on"
