"""Installed as a package, the hotline needs no checkout: a wheel in a fresh virtual environment, a site anywhere."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import build_backend
from testkit.hotline.running import ROOT, free_udp_port

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """A virtual environment with the wheel and no file of the checkout; made once for all tests of this file."""
    folder = Path("/tmp") / f"hotline-installed-{os.getpid()}"
    folder.mkdir(mode=0o755)
    try:
        source = folder / "source"
        ignored = shutil.ignore_patterns(
            ".git", ".venv", "site", "var", "build", "__pycache__", "tests", "trials", "*.mo", "node_modules", "static"
        )
        shutil.copytree(ROOT, source, symlinks=True, ignore=ignored)
        shutil.copytree(ROOT / "ivr" / "site", source / "ivr" / "site", dirs_exist_ok=True)
        page = Path("ivr/desk/page/node_modules")  # the Node.js that set-up unpacked
        (source / page).symlink_to(ROOT / page)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
        run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(source)])
        shutil.rmtree(source)
        (wheel,) = folder.glob("hotline_12345-*.whl")
        base = getattr(sys, "_base_executable", sys.executable)
        run(
            [base, "-m", "venv", "--without-pip", str(folder / "venv")]
        )  # because installing pip takes 6 s of a processor
        python = str(folder / "venv" / "bin" / "python")
        run([*pip, "--python", python, "install", "--no-deps", str(wheel)])
        (packages,) = folder.glob("venv/lib/python*/site-packages")
        for place in required(packages):
            (packages / place.name).symlink_to(place)
        yield folder
    finally:
        shutil.rmtree(folder)


def required(packages: Path) -> set[Path]:
    """Return the files and folders of all packages that the wheel requires, and these in turn, without any extra.

    They are those of this environment: to unpack them again would take two minutes and show nothing more.
    """
    (wheel,) = metadata.distributions(name="hotline-12345", path=[str(packages)])
    places, resolved, pending = set(), set(), [*requirements(wheel)]
    while pending:
        requirement = pending.pop()
        name_and_extras = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if name_and_extras in resolved:
            continue
        resolved.add(name_and_extras)
        distribution = metadata.distribution(requirement.name)
        assert distribution.version in requirement.specifier, str(requirement)
        pending += requirements(distribution, *requirement.extras)
        tops = {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}
        places |= {Path(str(distribution.locate_file(top))) for top in tops}
    return places


def requirements(distribution: metadata.Distribution, *extras: str) -> Iterator[Requirement]:
    for text in distribution.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def test_a_wheel_is_built_with_the_node_js_that_set_up_uses() -> None:
    nodejs = next(
        requirement for requirement in build_backend.get_requires_for_build_wheel() if requirement.startswith("nodejs")
    )
    assert nodejs in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def test_the_desks_page_is_in_the_wheel_built(installed: Path) -> None:
    (page,) = (installed / "venv").glob("lib/python*/site-packages/ivr/desk/static/index.html")
    assert (page.parent / "assets").is_dir()


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program, which has to succeed, in a folder without a checkout."""
    env = {**os.environ, "LANG": "C.UTF-8", **environment}
    env.pop("PYTHONPATH", None)
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env=env)
    assert result.returncode == 0, f"{command}: {result.stdout}{result.stderr}"
    return result


def test_a_site_is_made_checked_and_asked_without_a_checkout(installed: Path) -> None:
    ivr, site = str(installed / "venv" / "bin" / "ivr"), installed / "site"
    run([ivr, "init", str(site)])
    checked = run([ivr, "check", "--home", str(site)])
    assert "numbers: 45" in checked.stdout
    warnings = [line for line in checked.stderr.splitlines() if "lists no holiday of" not in line]
    assert warnings == [], "the words of the shipped prompts fit the menu of the default registry"
    route = run([ivr, "route", "12333", "--home", str(site)])
    assert "人社局" in route.stdout
    chinese = run([ivr, "check", "--home", str(site)], LANGUAGE="zh_CN", LC_ALL="C.UTF-8")
    assert "没有错误；号码 45 个" in chinese.stdout


def test_an_installed_hotline_takes_calls_without_a_checkout(installed: Path) -> None:
    ivr, site = str(installed / "venv" / "bin" / "ivr"), installed / "site-up"
    run([ivr, "init", str(site)])
    env = {**os.environ, "LANG": "C.UTF-8", "HOTLINE_HOME": str(site)}
    command = [ivr, "up", "--sip", f"127.0.0.1:{free_udp_port()}"]
    printed = installed / "printed"
    with printed.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd="/", env=env)
    try:
        deadline = time.monotonic() + 60
        while "ready:" not in printed.read_text():
            assert process.poll() is None and time.monotonic() < deadline, printed.read_text()
            time.sleep(0.05)
        output_text = printed.read_text()
        assert "no speech, callers press keys" in output_text and "pip install -e '.[speech]'" in output_text, (
            output_text
        )
        assert "signed in" in run([ivr, "status", "--home", str(site)]).stdout
        assert "in force; numbers: 45" in run([ivr, "reload", "--home", str(site)]).stdout
        playing = (site / "var" / "share" / "sounds" / "zh" / "opening.wav").resolve()
        assert playing.is_relative_to(site), "the prompts that callers hear lie in the site, not in the program"
    finally:
        process.terminate()
        process.wait(30)
