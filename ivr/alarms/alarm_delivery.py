"""Messages to receivers of alarms, in the form that each receiver expects. Pure."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any
from urllib.parse import urlencode

from ivr.alarms.alarm_news import AlarmNews
from ivr.registry.alarm_model import AlarmReceiver, ReceiverKind
from ivr.routing.calendar import city_time

SIGNING = "/signing"
"""The suffix of the receiver's name in the secrets, for the signing key of a DingTalk robot."""


@dataclass(frozen=True, slots=True)
class AlarmPost:
    """One HTTP POST."""

    url: str
    body: bytes
    headers: Mapping[str, str]


def alarm_post(news: AlarmNews, receiver: AlarmReceiver, keys: Mapping[str, str], seconds: float) -> AlarmPost:
    """Return the POST for a robot or a gateway.

    Args:
        news: the message.
        receiver: of any kind but mail.
        keys: the keys of all receivers, by name.
        seconds: Unix time; DingTalk accepts a signature for an hour.
    """
    headers = {"Content-Type": "application/json; charset=utf-8"}
    key = keys.get(receiver.name, "")
    content = {"msgtype": "text", "text": {"content": news.text}}
    match receiver.kind:
        case ReceiverKind.WECOM:
            return AlarmPost(_url_with_query(receiver.url, {"key": key}), _json(content), headers)
        case ReceiverKind.DINGTALK:
            query = {"access_token": key}
            if signing := keys.get(receiver.name + SIGNING):
                query |= dingtalk_sign(signing, round(seconds * 1000))
            return AlarmPost(_url_with_query(receiver.url, query), _json(content), headers)
        case ReceiverKind.JSON:
            values = news.to_json()
            body = {name: text.format(**values) for name, text in receiver.body.items()} or values
            if key:
                headers["Authorization"] = f"Bearer {key}"
            return AlarmPost(receiver.url, _json(body), headers)
        case ReceiverKind.MAIL:
            raise AssertionError("a mail is no POST")


def dingtalk_sign(key: str, milliseconds: int) -> dict[str, str]:
    """Return the query of a signed robot: HMAC-SHA256 of timestamp, line feed and key; base64.

    Source: DingTalk Open Platform, custom robot, 加签.
    """
    text = f"{milliseconds}\n{key}".encode()
    digest = hmac.new(key.encode(), text, hashlib.sha256).digest()
    return {"timestamp": str(milliseconds), "sign": base64.b64encode(digest).decode()}


def refusal_of(kind: ReceiverKind, status: int, body: bytes) -> str:
    """Return the reason of a receiver's refusal; "" if it accepted. A robot reports an error in the body of a 200."""
    if not 200 <= status < 300:
        return f"HTTP {status}"
    if kind is ReceiverKind.JSON:
        return ""
    try:
        answer = json.loads(body)
        code, text = answer.get("errcode"), str(answer.get("errmsg", ""))
    except (ValueError, AttributeError):
        return "no answer of a robot"
    return "" if code == 0 else f"errcode {code}: {text[:200]}"


def alarm_mail(news: AlarmNews, receiver: AlarmReceiver) -> EmailMessage:
    """Return the mail. Its Message-ID is the same at each attempt, so that a duplicate is recognised."""
    mail = EmailMessage()
    mail["Subject"] = news.subject
    mail["From"] = receiver.sender
    mail["To"] = ", ".join(news.to or receiver.to)
    mail["Date"] = format_datetime(city_time(news.at))
    mail["Message-ID"] = make_msgid(idstring=news.id.replace(":", "-"), domain=receiver.sender.partition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: so that no automatic reply is sent
    mail.set_content(f"{news.text}\n")
    return mail


def _url_with_query(url: str, query: Mapping[str, str]) -> str:
    return f"{url}?{urlencode(query)}"


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
