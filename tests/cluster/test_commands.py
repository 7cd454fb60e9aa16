"""The commands of a cluster report what is missing before they start a process."""

import shutil
from pathlib import Path

import pytest

from testkit.hotline.running import ROOT, run_ivr
from tests.cluster.good_cluster import GOOD


@pytest.fixture
def site(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    shutil.copy(ROOT / "numbers.yaml", tmp_path)
    return tmp_path


def test_check_reports_nodes_and_front_or_every_mistake(site: Path) -> None:
    (site / "cluster.yaml").write_text(GOOD, encoding="utf-8")
    assert (
        f"{site}/cluster.yaml: no problem; nodes: 2, front: 192.0.2.9:5060"
        in run_ivr("check", "--home", str(site)).stdout
    )
    (site / "cluster.yaml").write_text(GOOD.replace("calls: 300", "calls: many"), encoding="utf-8")
    done = run_ivr("check", "--home", str(site))
    assert done.returncode == 1
    assert "cluster.yaml:5:38: calls: 'many' is not a whole number" in done.stdout


def test_up_needs_the_name_of_this_node(site: Path) -> None:
    (site / "cluster.yaml").write_text(GOOD, encoding="utf-8")
    for arguments in ((), ("--node", "north")):
        done = run_ivr("up", "--home", str(site), *arguments)
        assert done.returncode == 1
        assert "cluster.yaml has the nodes east, west; say with --node which one this is" in done.stderr


def test_the_front_needs_cluster_yaml_its_own_machine_and_the_passwords(site: Path) -> None:
    done = run_ivr("front", "--home", str(site))
    assert f"there is no cluster.yaml beside {site}/numbers.yaml" in done.stderr
    (site / "cluster.yaml").write_text(GOOD, encoding="utf-8")
    done = run_ivr("front", "--home", str(site))
    assert "the front has the machines 192.0.2.7, 192.0.2.8; say with --machine which one this is" in done.stderr
    done = run_ivr("front", "--home", str(site), "--machine", "192.0.2.7", "--check")
    assert done.returncode == 1
    assert "secrets.json; copy the file of a node, because a seat has the same password on each node" in done.stderr


def test_a_hotline_on_one_machine_has_no_nodes(site: Path) -> None:
    done = run_ivr("node", "status", "--home", str(site))
    assert done.returncode == 1
    assert "this hotline is no node of a cluster" in done.stderr
