"""If ``ivr up`` cannot start, it prints the reason in one line, and starts nothing."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from testkit.hotline.running import ROOT, free_udp_port, run_ivr

NATIVE = shutil.which("asterisk", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


def refusal_lines(home: Path, *options: str, code: int = 1, **environment: str) -> list[str]:
    """Return the lines that ``ivr up`` prints before it ends with ``code``."""
    if "--sip" not in options:
        options = ("--sip", f"127.0.0.1:{free_udp_port()}", *options)
    result = run_ivr("up", "--home", str(home), "--numbers", str(ROOT / "numbers.yaml"), *options, **environment)
    assert result.returncode == code, result
    assert not result.stdout
    assert "Traceback" not in result.stderr
    return result.stderr.splitlines()


def test_a_port_in_use_is_named(open_folder: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other_program:
        other_program.bind(("127.0.0.1", 0))
        port = other_program.getsockname()[1]
        assert refusal_lines(open_folder / "home", "--sip", f"127.0.0.1:{port}") == [
            f"port {port} of 127.0.0.1 is in use by another program; stop it or choose another port"
        ]


def test_an_address_of_another_machine_is_refusal_lines(open_folder: Path) -> None:
    assert refusal_lines(open_folder / "home", "--sip", "192.0.2.7:5060") == [
        "192.0.2.7 is not an address of this machine"
    ]


def test_a_folder_that_is_no_site_gets_no_hotline_of_the_checkout(open_folder: Path) -> None:
    """A misspelled --home in a folder that has a numbers.yaml."""
    result = run_ivr("up", "--home", str(open_folder / "sitee"))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"there is no site in {open_folder}/sitee; 'ivr init {open_folder}/sitee' makes one\n"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (None, ["1:1: there is no such file"]),
        (b"", ["1:1: the file is empty"]),
        (b"city:\n  name: \xb3\xbb\xd6\xdd\n",
         ["2:9: this is not UTF-8 text: save the file in the encoding UTF-8 (a GBK file is not)"]),
    ],
    ids=["missing", "empty", "GBK"],
)  # fmt: skip
def test_a_registry_that_cannot_be_read_is_named(open_folder: Path, text: bytes | None, problems: list[str]) -> None:
    file = open_folder / "numbers.yaml"
    if text is not None:
        file.write_bytes(text)
    assert refusal_lines(open_folder / "home", "--numbers", str(file)) == [
        *(f"{file}:{problem}" for problem in problems),
        "the registry has problems; nothing was started",
    ]


def test_the_problems_of_a_broken_registry_are_printed_like_by_ivr_check(open_folder: Path) -> None:
    file = ROOT / "tests" / "registry" / "bad" / "everything.yaml"
    *problems, _count = run_ivr("check", str(file)).stdout.splitlines()
    assert len(problems) > 5
    assert refusal_lines(open_folder / "home", "--numbers", str(file)) == [
        *problems,
        "the registry has problems; nothing was started",
    ]


@pytest.mark.skipif(NATIVE is not None, reason="this machine has an Asterisk of its own")
def test_without_asterisk_the_error_advises_the_admin_to_run_make_setup(open_folder: Path) -> None:
    (line,) = refusal_lines(open_folder / "home", XDG_CACHE_HOME=str(open_folder / "cache"))
    assert "run 'make setup'" in line


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--sip", "5060", "'5060' is not HOST:PORT"),
        ("--sip", "127.0.0.1:sip", "'127.0.0.1:sip' is not HOST:PORT"),
        ("--carrier", "127.0.0.1:70000", "'127.0.0.1:70000' is not HOST:PORT"),
        ("--rtp", "10000", "'10000' is not FROM-TO, such as 10000-10600"),
        ("--rtp", "20000-10000", "'20000-10000' is not FROM-TO, such as 10000-10600"),
    ],
)
def test_a_malformed_option_is_refusal_lines(open_folder: Path, option: str, value: str, reason: str) -> None:
    lines = refusal_lines(open_folder / "home", option, value, code=2)
    assert lines[-1] == f"Error: Invalid value for '{option}': {reason}"


def test_a_database_that_cannot_be_used_is_named(open_folder: Path) -> None:
    (line,) = refusal_lines(open_folder / "home", "--database", "mysql://ivr:hunter2@192.0.2.7/calls")
    assert "hunter2" not in line
    assert "mysql" in line


def test_a_home_that_cannot_be_made_is_named(open_folder: Path) -> None:
    (open_folder / "file").write_text("")
    (line,) = refusal_lines(open_folder / "file" / "home")
    assert line == f"{open_folder / 'file' / 'home'}: Not a directory"
