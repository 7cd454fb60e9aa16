"""A node whose database does not listen says so in one sentence, whichever command asks, in the admin's language."""

from collections.abc import Iterator

import pytest

from ivr.runtime.ports import free_ports
from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import run_ivr
from trials.cluster.loopback import Loopback
from trials.cluster.running_cluster import NodeHotline

HOSTS = Loopback({"front": 9, "north": 11}, {})
LANGUAGES = {
    "C": "no PostgreSQL listens at the call database {url}: start it there; calls are taken meanwhile",
    "zh_CN": "话单数据库 {url} 处没有 PostgreSQL 在运行：请在该机启动",
}


@pytest.fixture(scope="module")
def url() -> str:
    return f"postgresql://hotline@127.0.0.1:{free_ports('127.0.0.1', 1)[0]}/hotline"


@pytest.fixture(scope="module")
def node(url: str) -> Iterator[NodeHotline]:
    front = HOSTS.address("front")
    cluster = (
        f"database: {url}\nfront: {{address: {front}, machines: [{front}]}}\n"
        f"nodes:\n  north: {{address: {HOSTS.address('north')}, calls: 100}}\n"
    )
    with NodeHotline("north", cluster, quick_registry()) as running:
        yield running


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "command", ["node status", "node drain", "calls", "callbacks", "refusals", "orders list", "user list", "report"]
)
def test_a_command_says_that_no_database_listens(node: NodeHotline, url: str, command: str, language: str) -> None:
    done = run_ivr(*command.split(), "--home", str(node.home), **{**node.environment, "LANGUAGE": language})
    assert done.returncode == 1
    assert LANGUAGES[language].format(url=url) in done.stderr
    assert "log/engine.log" not in done.stderr, "the engine has not failed"
