"""cluster.yaml: each mistake is reported with its line and the right form."""

import pytest

from ivr.cluster.cluster_model import SipAddress
from ivr.cluster.cluster_reader import load_cluster
from ivr.registry.problems import RegistryError
from tests.cluster.good_cluster import GOOD


def problems(text: str) -> list[str]:
    with pytest.raises(RegistryError) as error:
        load_cluster(text, "cluster.yaml")
    return [str(problem) for problem in error.value.problems]


def test_nodes_and_front_are_read_with_their_addresses() -> None:
    cluster = load_cluster(GOOD, "cluster.yaml")
    assert {name: (node.address, node.calls) for name, node in cluster.nodes.items()} == {
        "east": (SipAddress("192.0.2.11", 5060), 300),
        "west": (SipAddress("192.0.2.12", 5070), 200),
    }
    assert cluster.front.address == SipAddress("192.0.2.9", 5060)
    assert cluster.front_addresses == ("192.0.2.9", "192.0.2.7", "192.0.2.8")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("east:", "East:", "cluster.yaml:5:3: nodes: 'East' is no node: a-z, 0-9 and -, 20 at most"),
        ("address: 192.0.2.9", "address: front.example",
         "cluster.yaml:3:18: address: 'front.example' is not an IPv4 address, such as 192.0.2.11; a name could change "
         "while calls are up"),
        ("calls: 300", "calls: 0", "cluster.yaml:5:38: calls: 0 is out of range; 1 to 2000 are allowed"),
        ("192.0.2.12:5070", "192.0.2.12:99999",
         "cluster.yaml:6:19: address: '192.0.2.12:99999' has no port from 1 to 65535; write it as in 192.0.2.30:5060"),
        ("[192.0.2.7, 192.0.2.8]", "[]",
         "cluster.yaml:3:39: machines: one or two addresses, as in [192.0.2.7, 192.0.2.8]"),
        ("192.0.2.11", "192.0.2.9",
         "cluster.yaml:5:3: 192.0.2.9:5060 is the address of front already; each node and the front have one of their "
         "own"),
        ("hotline@192", "hotline:s3cret@192",
         "cluster.yaml:1:11: database: a password is in this file; take it out, and give the whole URL in "
         "HOTLINE_DATABASE or ~/.pgpass"),
        ("postgresql://hotline@192.0.2.20/hotline", "sqlite:////srv/calls.sqlite3",
         "cluster.yaml:1:11: database: 'sqlite:////srv/calls.sqlite3' is no database that machines share; write "
         "postgresql://user@host/name"),
        ("/srv/hotline-files", "files",
         "cluster.yaml:2:13: recordings: 'files' is not the whole path of a folder, such as /srv/hotline-files"),
        ("calls: 300", "cals: 300", "cluster.yaml:5:31: the key 'cals' is unknown here; did you mean 'calls'?"),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_its_place(before: str, after: str, message: str) -> None:
    assert message in problems(GOOD.replace(before, after, 1))


def test_each_missing_key_is_reported() -> None:
    message = problems("recordings: /srv/files\n")
    assert [line.partition(": ")[2] for line in message] == [
        "the key 'database' is missing", "the key 'front' is missing", "the key 'nodes' is missing",
    ]  # fmt: skip
