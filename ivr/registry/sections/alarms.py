"""The section `alarms`: limits, and the receivers."""

from ivr.registry import field_types
from ivr.registry.alarm_model import AlarmReceiver, Alarms, MailSecurity, ReceiverKind
from ivr.registry.draft import Draft
from ivr.registry.fields import Fields
from ivr.registry.model import Place
from ivr.texts import _

_HIGHEST = {
    "waiting": 1000, "wait": 3600, "unstaffed": 86400, "trunk": 3600, "disk": 90, "records": 86400,
    "recogniser": 60000, "restarts": 100, "repeat": 1440,
}  # fmt: skip
_PORTS = {MailSecurity.TLS: 465, MailSecurity.STARTTLS: 587, MailSecurity.NONE: 25}
_URLS = {
    ReceiverKind.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
    ReceiverKind.DINGTALK: "https://oapi.dingtalk.com/robot/send",
}
_LOOPBACK = ("127.0.0.1", "localhost")


def read_alarms(top: Fields, draft: Draft) -> None:
    """Read `alarms`; each limit has its default, and without receivers the desk alone shows alarms."""
    fields = top.section("alarms")
    if fields is None:
        return
    default, limits = Alarms(), {}
    for key, highest in _HIGHEST.items():
        limit = fields.maybe(key, field_types.whole(0 if key != "repeat" else 1, highest))
        limits[key] = getattr(default, key) if limit is None else limit
    receivers = {}
    for name, place, below in fields.named("receivers", field_types.key_name):
        kind = below.need("kind", field_types.receiver_kind)
        receiver = _receiver(name, kind, place, below) if kind else None
        if kind is None:
            below.refuse_quietly()
        elif below.done() and receiver:
            receivers[name] = receiver
    fields.done()
    draft.alarms = Alarms(**limits, receivers=receivers)


def _receiver(name: str, kind: ReceiverKind, place: Place, fields: Fields) -> AlarmReceiver | None:
    match kind:
        case ReceiverKind.MAIL:
            return _mail(name, place, fields)
        case ReceiverKind.WECOM | ReceiverKind.DINGTALK:
            url = fields.maybe("url", field_types.url) or _URLS[kind]
            return AlarmReceiver(name, kind, place, url=url)
        case ReceiverKind.JSON:
            address = fields.need("url", field_types.url)
            section = fields.section("body")
            body = {}
            for key in fields.names("body"):
                if section is not None and (text := section.need(key, field_types.alarm_text)) is not None:
                    body[key] = text
            if section is not None and not section.done():
                fields.refuse_quietly()
            return AlarmReceiver(name, kind, place, url=address, body=body) if address else None


def _mail(name: str, place: Place, fields: Fields) -> AlarmReceiver | None:
    addresses = tuple(address for address, _place in fields.texts("to", field_types.mail_address))
    sender, host = fields.need("from", field_types.mail_address), fields.need("host", field_types.host)
    security = fields.maybe("security", field_types.mail_security) or MailSecurity.TLS
    port = fields.maybe("port", field_types.whole(1, 65535)) or _PORTS[security]
    user = fields.maybe("user", field_types.mail_user) or ""
    if not addresses:
        fields.require("to")
        fields.refuse(fields.at("to"), _("to: needs at least one address"))
    if security is MailSecurity.NONE and host is not None and host not in _LOOPBACK:
        message = _("security: none is for a mail server on this machine alone; write tls or starttls")
        fields.refuse(fields.at("security"), message)
    if sender is None or host is None:
        return None
    return AlarmReceiver(
        name, ReceiverKind.MAIL, place, to=addresses, sender=sender, host=host, port=port, security=security, user=user
    )
