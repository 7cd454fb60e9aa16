"""The Asterisk that the hotline runs on works, is new enough, and is the Asterisk that set-up fetched."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.runtime import asterisk
from ivr.runtime.errors import RuntimeMissing

MODULES = ("res_pjsip.so", "res_agi.so", "app_queue.so", "cel_custom.so", "res_cdrel_custom.so")
NATIVE = asterisk._native


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a relocatable Asterisk, whose loader is a script that gives this answer, into a cache of the test's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(asterisk, "_native", lambda: None)

    def put(answer: str) -> Path:
        root = tmp_path / "hotline-12345" / "asterisk"
        modules = root / "usr/lib/riscv64-linux-gnu/asterisk/modules"
        modules.mkdir(parents=True)
        for module in MODULES:
            (modules / module).touch()
        loader = modules.parents[1] / "ld-linux-riscv64-lp64d.so.1"
        loader.write_text(f"#!/bin/sh\n{answer}\n")
        loader.chmod(0o755)
        (root / "version").write_text("22.10.1+dfsg-1")
        return root

    return put


def test_a_fetched_asterisk_is_started_through_its_own_loader_on_any_processor(cached: Callable[[str], Path]) -> None:
    root = cached(
        'test "$1 $3" = "--library-path $(dirname $0)/../../sbin/asterisk" || true; echo Asterisk 22.10.1+dfsg-1'
    )
    fetched = asterisk.find()
    libraries = root / "usr/lib/riscv64-linux-gnu"
    loader, binary = libraries / "ld-linux-riscv64-lp64d.so.1", root / "usr/sbin/asterisk"
    assert fetched.argv == (str(loader), "--library-path", str(libraries), str(binary))
    assert fetched.modules == libraries / "asterisk/modules"
    assert fetched.data == root / "usr/share/asterisk"
    assert fetched.version == "22.10.1+dfsg-1"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("echo Asterisk 18.10.0", r"is Asterisk 18\.10\.0; 22\.10 or newer is needed"),
        ("echo Asterisk 20.19.0~dfsg", r"is Asterisk 20\.19\.0~dfsg; 22\.10 or newer is needed"),
        ("echo Asterisk 22.9.0", r"is Asterisk 22\.9\.0; 22\.10 or newer is needed"),
        ("echo Asterisk 22.11.0+dfsg-1", r"is Asterisk 22\.11\.0\+dfsg-1, which is known to be bad: .*asterisk#2134"),
        ("echo Asterisk 22.11.1", r"it is not the version that was fetched"),
        ("echo 'FATAL: kernel too old' >&2; exit 127", r"does not work \(FATAL: kernel too old\)"),
        ("kill -SEGV $$", r"does not work"),
    ],
)
def test_a_broken_asterisk_is_refused_with_the_reason(cached: Callable[[str], Path], answer: str, message: str) -> None:
    cached(answer)
    with pytest.raises(RuntimeMissing, match=message) as problem:
        asterisk.find()
    assert "run 'make setup'" in str(problem.value)


def test_an_asterisk_with_missing_parts_is_refused(cached: Callable[[str], Path]) -> None:
    root = cached("echo Asterisk 22.10.1+dfsg-1")
    next(root.glob("usr/lib/*/asterisk/modules/res_agi.so")).unlink()
    with pytest.raises(RuntimeMissing, match=r"res_agi\.so is missing"):
        asterisk.find()
    next(root.glob("usr/lib/*/ld-linux*")).unlink()
    with pytest.raises(RuntimeMissing, match="parts of it are missing"):
        asterisk.find()


def test_without_an_asterisk_the_error_advises_the_admin_to_run_set_up(cached: Callable[[str], Path]) -> None:
    with pytest.raises(RuntimeMissing, match=r"no Asterisk 22\.10 or newer here; run 'make setup'"):
        asterisk.find()


def test_set_up_leaves_a_good_asterisk_alone(cached: Callable[[str], Path]) -> None:
    cached("echo Asterisk 22.10.1+dfsg-1")
    steps: list[str] = []
    asterisk.install(lambda step, _share: steps.append(step))
    assert steps == []


def test_certified_releases_and_releases_from_source_are_understood(cached: Callable[[str], Path]) -> None:
    root = cached("echo Asterisk certified-22.10-cert2")
    (root / "version").write_text("22.10-cert2")
    assert asterisk.find().version == "22.10-cert2"


@pytest.mark.parametrize("answer", ["20.19.0", "22.9.1", "22.11.0"])
def test_an_installed_asterisk_that_is_too_old_or_known_to_be_bad_gives_way_to_the_fetched_asterisk(
    cached: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    cached("echo Asterisk 22.10.1+dfsg-1")
    monkeypatch.setattr(asterisk, "_native", NATIVE)
    native = tmp_path / "native"
    for folder in (native / "modules", native / "data" / "documentation"):
        folder.mkdir(parents=True)
    for module in MODULES:
        (native / "modules" / module).touch()
    program = native / "asterisk"
    program.write_text(f"#!/bin/sh\necho Asterisk {answer}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(native), prepend=":")
    monkeypatch.setattr(asterisk, "_NATIVE_MODULES", (f"{native}/modules",))
    monkeypatch.setattr(asterisk, "_NATIVE_DATA", (f"{native}/data",))
    assert asterisk.find().version == "22.10.1+dfsg-1"
    program.write_text("#!/bin/sh\necho Asterisk 22.12.0\n")
    assert asterisk.find().version == "22.12.0"
