"""A message in a platform's words; a mistake in a mapping is reported with its line of orders.yaml."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring

import pytest

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderState
from ivr.orders.platform_model import PlatformObject
from ivr.platforms.message_mapping import MessageWaits, body_of
from ivr.platforms.platform_message import PlatformMessage
from ivr.registry.problems import RegistryError
from tests.platforms.conftest import ROOT

EXAMPLE = """
platforms:
  province: { url: "http://127.0.0.1:1/gd", sends: [orders], mapping: example-province }
mappings:
  example-province:
    format: xml
    orders:
      root: WorkOrder
      fields:
        GDBH: { from: order }
        GDZT: { from: state, codes: { dispatched: "03", closed: "09" } }
        SLSJ: { from: opened_at, time: "%Y-%m-%d %H:%M:%S" }
        XZQH: { from: county, codes: { 北湖区: "431002" }, default: "431000" }
        NR: { from: content, default: 无 }
"""
AT = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
DATA = {
    "order": "261123000001",
    "state": "dispatched",
    "opened_at": AT.isoformat(),
    "county": "",
    "content": "a<b>\x01&c",
}
MESSAGE = PlatformMessage("order:261123000001:3", PlatformObject.ORDERS, "261123000001", 3, AT, DATA)


def test_an_xml_platform_gets_its_own_fields_codes_and_times(
    directory_of: Callable[[str], OrderDirectory],
) -> None:
    body, content_type = body_of(MESSAGE, directory_of(_with_police(EXAMPLE)).platforms["province"])
    root = fromstring(body)
    assert content_type == "application/xml"
    assert (root.tag, root.attrib["id"]) == ("WorkOrder", MESSAGE.id)
    assert {child.tag: child.text for child in root} == {
        "GDBH": "261123000001",
        "GDZT": "03",
        "SLSJ": "2026-11-23 09:02:03",
        "XZQH": "431000",
        "NR": "a<b>&c",
    }


def test_a_value_without_a_code_waits_and_names_the_place_to_mend(
    directory_of: Callable[[str], OrderDirectory],
) -> None:
    message = replace(MESSAGE, data={**DATA, "state": "handling"})
    with pytest.raises(MessageWaits, match="mapping example-province: GDZT has no code for 'handling'"):
        body_of(message, directory_of(_with_police(EXAMPLE)).platforms["province"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("mapping: example-province", "mapping: example-provinse", "is not in this file"),
        ("sends: [orders]", "sends: [orders, calls]", "has no section calls"),
        ("sends: [orders]", "sends: [order]", "is no object that can be sent"),
        ("format: xml", "format: csv", "is no format"),
        ("GDBH: {", "GD BH: {", "is no name of a field"),
        ("from: order }", "from: order, width: 3 }", "is unknown here"),
        ("%Y-%m-%d %H:%M:%S", "YYYY-MM-DD", "is no format of a time"),
        ("sends: [orders]", "sends: [orders], accepts: [dispatch]", "is no act that a platform can do"),
        ("http://127.0.0.1:1/gd", "ftp://127.0.0.1/gd", "is not a web address"),
        ("sends: [orders]", "sends: [orders], secret: x", "looks like a secret"),
    ],
)
def test_a_fault_of_a_mapping_is_reported_with_its_line_number(
    directory_of: Callable[[str], OrderDirectory], old: str, new: str, message: str
) -> None:
    text = _with_police(EXAMPLE)
    assert old in text
    with pytest.raises(RegistryError, match=message) as raised:
        directory_of(text.replace(old, new))
    assert all(problem.place.line > 1 for problem in raised.value.problems)


@pytest.mark.parametrize("page", ["platforms.md", "platforms.zh-CN.md"])
def test_the_example_of_the_documents_can_be_copied(directory_of: Callable[[str], OrderDirectory], page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    platforms, mappings = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    province = directory_of(f"{platforms}\n{mappings}").platforms["province"]
    for state in OrderState:
        body, _type = body_of(replace(MESSAGE, data={**DATA, "state": state.value}), province)
        assert fromstring(body).findtext("GDZT", "").isdecimal()
    follow_up = {"order": "261123000001", "solved": False, "satisfaction": None}
    body, _type = body_of(replace(MESSAGE, object=PlatformObject.FOLLOW_UPS, data=follow_up), province)
    assert [child.text for child in fromstring(body)] == ["261123000001", "0", "0"]
    call = {"call_id": "7.1", "caller": "", "dialled": "12333", "started_at": AT.isoformat()}
    body, _type = body_of(replace(MESSAGE, object=PlatformObject.CALLS, data=call), province)
    assert [child.text for child in fromstring(body)][::3] == ["7.1", "2026-11-23 09:02:03"]


def _with_police(sections: str) -> str:
    return sections.replace("platforms:\n", 'platforms:\n  police: { url: "http://127.0.0.1:1/jw" }\n')
