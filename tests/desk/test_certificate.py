"""The certificate of the desk: the city's own certificate, or a certificate that the hotline makes and renews."""

import shutil
import ssl
from pathlib import Path

import pytest

from ivr.runtime.certificate import hotline_certificate
from ivr.runtime.errors import RuntimeProblem
from ivr.runtime.layout import Home
from tests.desk.conftest import RunningDesk


def made_certificate(folder: Path, *hosts: str) -> tuple[Path, Path]:
    """The certificate of a hotline whose site folder has none."""
    return hotline_certificate(Home(folder / "var"), folder / "site", *hosts)


def test_the_citys_own_certificate_is_served(tmp_path: Path) -> None:
    Home(tmp_path / "var").create()
    folder = tmp_path / "desk"
    (folder / "tls").mkdir(parents=True)
    for own_file, name in zip(made_certificate(tmp_path, "127.0.0.1"), ("certificate.pem", "key.pem"), strict=True):
        shutil.copy(own_file, folder / "tls" / name)
    desk = RunningDesk(folder)
    desk.start()
    host, port = desk.address.split(":")
    served = ssl.get_server_certificate((host, int(port)))
    desk.stop()
    assert served.split() == (folder / "tls" / "certificate.pem").read_text(encoding="ascii").split()


def test_the_error_names_a_missing_key(tmp_path: Path) -> None:
    (tmp_path / "site" / "tls").mkdir(parents=True)
    (tmp_path / "site" / "tls" / "certificate.pem").touch()
    with pytest.raises(RuntimeProblem, match=r"key\.pem"):
        made_certificate(tmp_path)


def test_browsers_go_on_trusting_a_made_certificate_until_the_address_changes(tmp_path: Path) -> None:
    Home(tmp_path / "var").create()
    first = made_certificate(tmp_path, "192.0.2.1")[0].read_bytes()
    assert made_certificate(tmp_path, "192.0.2.1")[0].read_bytes() == first
    assert made_certificate(tmp_path, "192.0.2.2")[0].read_bytes() != first
