"""The description of REST that a city's programmers read: each address and each act, with the roles that may do it."""

import pytest

from ivr.people.rights import RIGHTS, Act
from testkit.hotline.running_desk import RunningDesk

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk


def test_every_act_and_every_address_is_described_with_the_roles_that_may(desk: RunningDesk) -> None:
    described = desk.client().api("GET", "/openapi.json").json
    assert described["openapi"].startswith("3.1")
    paths = described["paths"]
    for act in Act:
        if not act.startswith("read."):
            assert paths[f"/api/v1/acts/{act}"]["post"]["summary"].endswith(", ".join(sorted(RIGHTS[act])))
    for path, methods in (
        ("/session", {"get", "post", "delete"}),
        ("/people/{user}", {"patch", "delete"}),
        ("/calls/{call_id}/recording", {"get"}),
    ):
        assert methods <= paths[f"/api/v1{path}"].keys()
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            named = {parameter["name"] for parameter in operation["parameters"]}
            assert all(f"{{{name}}}" in path for name in named)


def test_each_described_address_answers_as_described(desk: RunningDesk) -> None:
    """Each address without a session: an error object of a status that the description names, and never a fault."""
    nobody = desk.client()
    for path, operations in desk.client().api("GET", "/openapi.json").json["paths"].items():
        for method, operation in operations.items():
            answer = nobody.request(
                method.upper(), path.replace("{", "").replace("}", ""), {} if method != "get" else None
            )
            assert str(answer.status) in operation["responses"], (method, path, answer.status)
            assert set(answer.json["error"]) >= {"code", "message", "field"}
