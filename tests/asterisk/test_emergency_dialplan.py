"""The emergency dialplan dials the registry's services, and no number that a caller or phone sends."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.asterisk.rendered_dialplan import SHIPPED, contexts


def code(text: str) -> str:
    """Return the dialplan without comments."""
    return re.sub(r"(?m)\s*(?:^|\s);.*$", "", text)


@pytest.mark.parametrize("reach", ["", "0735119"])
def test_only_services_of_the_registry_are_dialled_each_under_its_reach(tmp_path: Path, reach: str) -> None:
    linkage = {number: replace(service, reach=reach + number) for number, service in SHIPPED.linkage.items()}
    legs = code(contexts(replace(SHIPPED, linkage=linkage), tmp_path)["emergency-service-leg"])
    dialled = re.findall(r"Gosub\(call-out,s,1\(([^,]*),", legs)
    assert dialled == [f"{reach}{number}" for number in SHIPPED.emergencies]
    assert "PJSIP/" not in legs


def test_no_phone_reaches_the_emergency_contexts_by_dialling(tmp_path: Path) -> None:
    inside = {name for name in contexts(SHIPPED, tmp_path) if name.startswith("emergency")}
    assert inside == {"emergency", "emergency-leg", "emergency-service-leg", "emergency-agent", "emergency-service"}
    for name, context in contexts(SHIPPED, tmp_path).items():
        if name in inside:
            assert not re.search(r"(?m)^(exten => _[^\[]|include)", code(context)), "a pattern matches a dialled number"
            continue
        ways = [line for line in code(context).splitlines() if re.search(r"@emergency|emergency[a-z-]*,", line)]
        if name == "offer":
            (way,) = (line for line in ways if "@emergency" in line)
            assert "Dial(Local/${ARG5}@emergency/n,,g)" in way, "the call script names the service, from the registry"
        else:
            assert not ways, name
