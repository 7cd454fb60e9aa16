"""The section `enterprises` of orders.yaml (政企通): the ledger's kinds and the policy officers."""

from collections.abc import Iterator, Mapping

from ivr.orders.directory_model import OrderKind, PolicyOfficer
from ivr.orders.notice_reader import read_notice
from ivr.registry import field_types
from ivr.registry.fields import Fields
from ivr.registry.model import Place, Registry
from ivr.registry.quoting import shown, with_nearest
from ivr.texts import _


def read_enterprises(
    top: Fields, registry: Registry, units: Mapping[str, Place], kinds: Mapping[str, OrderKind]
) -> tuple[dict[str, PolicyOfficer], frozenset[str]]:
    """Return the policy officers by name, and the kinds in the ledger; add each problem to the fields.

    Args:
        top: the whole file.
        registry: has the receivers.
        units: the file's units.
        kinds: its kinds.
    """
    section = top.section("enterprises")
    if section is None:
        return {}, frozenset()
    ledger = frozenset(_names_in("ledger", section, kinds))
    officers = dict(_officers(section, registry, units))
    if not section.done():
        top.refuse_quietly()
    return officers, ledger


def _names_in(key: str, section: Fields, names: Mapping[str, object]) -> Iterator[str]:
    for name, place in section.texts(key, field_types.key_name):
        if name not in names:
            message = _("{key}: {value} is not in this file").format(key=key, value=shown(name))
            section.refuse(place, with_nearest(message, name, names))
        yield name


def _officers(section: Fields, registry: Registry, units: Mapping[str, Place]) -> Iterator[tuple[str, PolicyOfficer]]:
    first_places: dict[str, Place] = {}
    for fields in section.entries("officers"):
        name = fields.need("name", field_types.name)
        unit = fields.need("unit", field_types.name)
        if unit is not None and unit not in units:
            message = _("{key}: {value} is not in this file").format(key="unit", value=shown(unit))
            fields.refuse(fields.at("unit"), with_nearest(message, unit, units))
        phone = fields.maybe("phone", field_types.reach) or ""
        topics = tuple(topic for topic, _at in fields.texts("topics", field_types.phrase))
        notice = read_notice(fields, registry, needed=False)
        if name is not None and name in first_places:
            message = _("{key}: {name} stands here a second time; the first is on line {line}")
            text = message.format(key="name", name=shown(name), line=first_places[name].line)
            fields.refuse(fields.at("name"), text)
        if name is not None:
            first_places.setdefault(name, fields.place)
        if fields.done() and name is not None and unit is not None:
            yield name, PolicyOfficer(name, unit, phone, topics, notice)
