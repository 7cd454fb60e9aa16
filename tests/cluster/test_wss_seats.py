"""A seat with ``transport: wss`` has a softphone with WebRTC; only the front of a cluster serves it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.registry.load import load
from ivr.registry.model import Registry
from ivr.registry.problems import RegistryError
from ivr.registry.prompts import recorded
from ivr.runtime import secrets
from ivr.site.seat_accounts import seat_accounts
from testkit.hotline.made_facts import made_facts
from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import ROOT, RunningHotline, run_ivr
from tests.cluster.good_cluster import GOOD

SHIPPED = (ROOT / "numbers.yaml").read_text(encoding="utf-8")
PLAIN = '{ number: "8001", name: 话务座席1, groups: [general] }'
WITH_WSS = SHIPPED.replace(PLAIN, PLAIN.replace(" }", ", transport: wss }"))
TRUNK = "profile: sbc, hosts"
REFUSED = "seat 8001 has transport: wss, which only the front of a cluster serves; use tls"


def read(text: str) -> Registry:
    return load(text, "numbers.yaml", recorded(ROOT / "recordings"))


@pytest.fixture
def site() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:  # the user of a hotline that root starts may not enter tmp_path
        site = Path(folder)
        site.chmod(0o755)
        (site / "numbers.yaml").write_text(WITH_WSS, encoding="utf-8")
        shutil.copy(ROOT / "orders.yaml", site)
        yield site


def test_one_machine_refuses_such_a_seat_before_it_starts(site: Path) -> None:
    for command in ("check", "up"):
        done = run_ivr(command, "--home", str(site))
        assert done.returncode == 1
        assert REFUSED in done.stdout + done.stderr


def test_one_machine_refuses_to_put_such_a_seat_in_force() -> None:
    with RunningHotline("127.0.0.1:5070", quick_registry()) as hotline:
        hotline.numbers.write_text(WITH_WSS, encoding="utf-8")
        done = hotline.ivr("reload")
    assert done.returncode == 1
    assert REFUSED in done.stderr


def test_a_cluster_takes_such_a_seat(site: Path) -> None:
    (site / "cluster.yaml").write_text(GOOD, encoding="utf-8")
    done = run_ivr("check", "--home", str(site))
    assert done.returncode == 0, done.stdout


def test_an_admin_reads_the_url_of_the_front(tmp_path: Path) -> None:
    registry = read(WITH_WSS)
    passwords = secrets.load_or_make(tmp_path / "secrets.json", registry.seats)
    accounts = seat_accounts(registry, made_facts(front="192.0.2.9:5060"), passwords)
    account = next(account for account in accounts if account["seat"] == "8001")
    assert (account["server"], account["transport"]) == ("wss://192.0.2.9:5061", "wss")


def test_a_trunk_has_no_websocket() -> None:
    assert TRUNK in SHIPPED
    with pytest.raises(RegistryError, match="wss is a transport of seats' phones only; use udp, tcp or tls"):
        read(SHIPPED.replace(TRUNK, "profile: sbc, transport: wss, hosts"))
