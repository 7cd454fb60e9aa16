"""Alarms in words. Pure."""

from typing import assert_never

from ivr.alarms.alarm_rules import AlarmKind
from ivr.registry.model import Registry
from ivr.texts import _


def alarm_text(kind: AlarmKind, about: str, figure: int, registry: Registry) -> str:
    """Return an alarm in words, in the reader's language."""
    group = registry.groups.get(about)
    name = group.title if group else about
    match kind:
        case AlarmKind.WAITING:
            text = _("{name}: {figure} callers wait")
        case AlarmKind.WAIT:
            text = _("{name}: a caller has waited for {figure} s")
        case AlarmKind.UNSTAFFED:
            text = _("{name}: no seat is signed in")
        case AlarmKind.TRUNK:
            text = _("trunk {name} is down")
        case AlarmKind.DISK:
            text = _("the disk of the hotline is nearly full; percent that are free: {figure}")
        case AlarmKind.RECORDS:
            text = _("call records are late by {figure} s")
        case AlarmKind.RECOGNISER if figure:
            text = _("speech recognition is too slow: {figure} ms")
        case AlarmKind.RECOGNISER:
            text = _("no recogniser runs, or it is too slow: callers press keys")
        case AlarmKind.RESTARTS:
            text = _("{name} was started {figure} times within an hour")
        case AlarmKind.ASTERISK:
            text = _("Asterisk does not answer the engine")
        case _:
            assert_never(kind)
    return text.format(name=name, figure=figure)
