"""A real Kamailio accepts the configuration of the front, which has no password in it."""

from pathlib import Path

import pytest

from ivr.cluster.cluster_reader import load_cluster
from ivr.cluster.front_config import FrontPlace, FrontUnfit, front_trunks, kamailio_config, node_list, phone_access
from ivr.cluster.front_process import FrontProcess
from ivr.registry.load import load
from ivr.registry.prompts import recorded
from ivr.runtime import kamailio
from ivr.runtime.errors import RuntimeProblem
from testkit.hotline.running import ROOT
from testkit.ims import certificate
from tests.cluster.good_cluster import GOOD

CLUSTER = load_cluster(GOOD, "cluster.yaml")
SEATS = [phone_access("8001", "correct-horse")]


def config(folder: Path, machine: str = "192.0.2.7", tls: str = "") -> str:
    place = FrontPlace(machine, folder, kamailio.program().modules, tls, tls)
    shipped = (ROOT / "numbers.yaml").read_text(encoding="utf-8")
    trunks = front_trunks(load(shipped, "numbers.yaml", recorded(ROOT / "recordings")), {})
    return kamailio_config(CLUSTER, trunks, SEATS, place)


def test_kamailio_accepts_the_configuration_of_a_pair_with_phones_that_use_tls(tmp_path: Path) -> None:
    process = FrontProcess(kamailio.program(), tmp_path / "front")
    text = config(process.folder, tls=str(certificate(tmp_path, "front", "192.0.2.9")))
    process.write(text, node_list(CLUSTER, "192.0.2.7"))
    assert {path.stat().st_mode & 0o777 for path in process.folder.iterdir()} == {0o600}
    assert "correct-horse" not in text, "the file has a hash of the password, and not the password"


def test_an_error_of_kamailio_is_reported_in_one_line(tmp_path: Path) -> None:
    process = FrontProcess(kamailio.program(), tmp_path / "front")
    with pytest.raises(RuntimeProblem, match=r"Kamailio refuses .*kamailio\.cfg: .*no_such_function"):
        process.write(config(process.folder) + "\nroute[X] { no_such_function(); }\n", node_list(CLUSTER, "192.0.2.7"))


def test_each_machine_of_the_pair_sends_registrations_to_the_other(tmp_path: Path) -> None:
    for own, other in (("192.0.2.7", "192.0.2.8"), ("192.0.2.8", "192.0.2.7")):
        assert f'"notification_address", "sip:{other}:' in config(tmp_path, own)


def test_a_trunk_that_the_front_cannot_carry_is_refused_by_name() -> None:
    text = (ROOT / "numbers.yaml").read_text(encoding="utf-8")
    trunk = '  - { name: carrier, profile: sbc, hosts: ["127.0.0.1:5070"] }'
    assert trunk in text
    registers = trunk.replace(" }", ", registration: { user: x } }").replace("sbc", "ims-registration")
    registry = load(text.replace(trunk, registers), "numbers.yaml", recorded(ROOT / "recordings"))
    with pytest.raises(FrontUnfit, match="the trunk carrier registers at its carrier, and the front does not"):
        front_trunks(registry, {})
