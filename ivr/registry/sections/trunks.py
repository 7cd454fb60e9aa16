"""The trunks of the hotline, and the trunk of the old key `carrier`."""

from typing import Any, TypeVar

from ivr.registry import field_types, trunk_types
from ivr.registry.draft import Draft, Entry
from ivr.registry.fields import Fields
from ivr.registry.trunk_model import PROFILES, Host, NumberPrefix, Registration, Trunk
from ivr.texts import _

T = TypeVar("T")

_OLD_NAME = "carrier"


def read_trunks(top: Fields, draft: Draft) -> None:
    """Read the list `trunks`, or the old key `carrier`."""
    if top.has("carrier"):
        _read_carrier(top, draft)
        return
    top.require("trunks")
    if top.length("trunks") == 0:
        top.refuse(top.at("trunks"), _("trunks: needs at least one trunk, by which calls come in and go out"))
    for fields in top.entries("trunks"):
        trunk = _trunk(fields)
        if trunk is not None:
            draft.trunks.append(Entry(trunk, fields))


def _read_carrier(top: Fields, draft: Draft) -> None:
    if top.has("trunks"):
        top.refuse(top.at_key("carrier"), _("carrier: the trunks stand under trunks: already; remove this old key"))
    fields = top.section("carrier")
    if fields is None:
        return
    host = fields.need("host", field_types.host)
    port = fields.need("port", field_types.whole(1, 65535))
    if fields.done() and host is not None and port is not None:
        trunk = Trunk(_OLD_NAME, (Host(host, port),), fields.place, written_as_carrier=True)
        draft.trunks.append(Entry(trunk, fields))


def _trunk(fields: Fields) -> Trunk | None:
    name = fields.need("name", trunk_types.name)
    fields.require("hosts")
    hosts = tuple(dict.fromkeys(host for host, _place in fields.texts("hosts", trunk_types.host)))
    if fields.length("hosts") == 0:
        fields.refuse(fields.at("hosts"), _("hosts: needs at least one host"))
    profile = fields.maybe("profile", trunk_types.profile)
    fields_given: dict[str, Any] = {
        "transport": fields.maybe("transport", trunk_types.transport),
        "certificate": fields.maybe("certificate", trunk_types.file_name),
        "domain": fields.maybe("domain", field_types.host),
        "registration": _registration(fields),
        "dialled": fields.maybe("dialled", trunk_types.dialled),
        "caller": fields.maybe("caller", trunk_types.caller),
        "trusted": fields.maybe("trusted", trunk_types.switch),
        "shows": fields.maybe("shows", trunk_types.shown_number),
        "own_number": fields.maybe("own_number", trunk_types.own_number),
        "own_after_403": fields.maybe("own_after_403", trunk_types.switch),
        "numbers_in": _writing(fields, "numbers_in", has_form=False),
        "numbers_out": _writing(fields, "numbers_out", has_form=True),
        "codecs": tuple(dict.fromkeys(codec for codec, _place in fields.texts("codecs", trunk_types.codec))) or None,
        "keys": fields.maybe("keys", trunk_types.keys),
        "channels": fields.maybe("channels", field_types.whole(1, 10000)),
        "reserved": fields.maybe("reserved", field_types.whole(0, 100)),
        "order": fields.maybe("order", field_types.whole(1, 99)),
        "options": fields.maybe("options", trunk_types.switch),
    }
    if not fields.done() or name is None or not hosts:
        return None
    values = {
        **PROFILES.get(profile or "", {}),
        **{key: value for key, value in fields_given.items() if value is not None},
    }
    trunk: Trunk = Trunk(name, hosts, fields.place, **values)
    return trunk


def _registration(fields: Fields) -> Registration | None:
    below = fields.section("registration")
    if below is None:
        return None
    user = below.need("user", trunk_types.account)
    auth_user = below.maybe("auth_user", trunk_types.auth_account)
    realm = below.maybe("realm", trunk_types.realm)
    proxy = below.maybe("outbound_proxy", trunk_types.host)
    expiry = below.maybe("expiry", field_types.whole(60, 86400))
    if not below.done() or user is None:
        fields.refuse_quietly()
        return None
    default = Registration(user, auth_user or user)
    return Registration(user, auth_user or user, realm or "", proxy, expiry or default.expiry)


def _writing(fields: Fields, key: str, *, has_form: bool) -> NumberPrefix | None:
    below = fields.section(key)
    if below is None:
        return None
    strip = below.maybe("strip", trunk_types.beginning)
    prefix = below.maybe("prefix", trunk_types.beginning)
    form = below.maybe("form", trunk_types.form) if has_form else None
    if not below.done():
        fields.refuse_quietly()
        return None
    return NumberPrefix(strip or "", prefix or "", form or NumberPrefix().form)
