"""The state that pages show, its numbered changes, and the part of it that each viewer may see."""

import asyncio
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.call_events.masked_caller import masked
from ivr.desk.call_view import seats_of

SECTIONS = ("seats", "queues", "calls", "callbacks", "alarms")
_KEPT = 2000  # changes, for pages that connect again
_BEHIND = 500  # changes that a page may be behind before its connection is ended

Objects = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class StateChange:
    """The difference of two consecutive states."""

    number: int
    at: str
    set: Mapping[str, Objects]
    gone: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person to whom the state is shown."""

    seat: str | None
    sees_all: bool  # callers, keys and words of other agents' calls, too
    sees_callbacks: bool


@dataclass(slots=True)
class LiveState:
    """All objects by section; ``stream`` identifies the numbering of changes, which starts again with the process."""

    stream: str = field(default_factory=lambda: secrets.token_hex(4))
    number: int = 0
    at: str = ""
    objects: dict[str, Objects] = field(default_factory=lambda: {section: {} for section in (*SECTIONS, "hotline")})
    _changes: deque[StateChange] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _subscribers: "set[asyncio.Queue[StateChange]]" = field(default_factory=set)

    @property
    def is_watched(self) -> bool:
        """Whether a page is connected."""
        return bool(self._subscribers)

    def replace(self, at: str, **sections: Objects) -> None:
        """Take a new state of some sections, and send the differences to the pages."""
        changed: dict[str, Objects] = {}
        removed: dict[str, list[str]] = {}
        for section, objects in sections.items():
            earlier = self.objects[section]
            if new_objects := {name: view for name, view in objects.items() if earlier.get(name) != view}:
                changed[section] = new_objects
            if missing_names := [name for name in earlier if name not in objects]:
                removed[section] = missing_names
            self.objects[section] = objects
        self.at = at
        if changed or removed:
            self.number += 1
            change = StateChange(self.number, at, changed, removed)
            self._changes.append(change)
            for subscriber in tuple(self._subscribers):
                try:
                    subscriber.put_nowait(change)
                except asyncio.QueueFull:
                    self._subscribers.discard(subscriber)  # because its page reads too slowly

    def subscribe(self) -> "asyncio.Queue[StateChange]":
        """Return a queue that gets each change from now on."""
        queue: asyncio.Queue[StateChange] = asyncio.Queue(_BEHIND)
        self._subscribers.add(queue)
        return queue

    def is_subscribed(self, queue: "asyncio.Queue[StateChange]") -> bool:
        """Return whether the queue still gets changes; a queue that was full does not."""
        return queue in self._subscribers

    def unsubscribe(self, queue: "asyncio.Queue[StateChange]") -> None:
        """End a subscription."""
        self._subscribers.discard(queue)

    def since(self, stream: str, number: int) -> list[StateChange] | None:
        """Return the changes after a number; None if some are not kept any more, or the number is of another stream."""
        if stream != self.stream or number > self.number:
            return None
        if number == self.number:
            return []
        if not self._changes or self._changes[0].number > number + 1:
            return None
        return [change for change in self._changes if change.number > number]

    def snapshot(self, viewer: Viewer) -> dict[str, Any]:
        """Return the state as a viewer sees it."""
        return {
            "hotline": self.objects["hotline"].get("hotline", {}),
            **{section: _seen(section, self.objects[section], viewer) for section in SECTIONS},
        }


def change_seen(change: StateChange, viewer: Viewer) -> dict[str, Any]:
    """Return a change as a viewer sees it."""
    visible_sections: dict[str, Any] = {
        section: visible_objects
        for section, objects in change.set.items()
        if section != "hotline" and (visible_objects := _seen(section, objects, viewer))
    }
    if "hotline" in change.set:
        visible_sections["hotline"] = change.set["hotline"]["hotline"]
    return {
        "type": "change",
        "number": change.number,
        "at": change.at,
        "set": visible_sections,
        "gone": {section: names for section, names in change.gone.items() if section != "hotline"},
    }


def _seen(section: str, objects: Objects, viewer: Viewer) -> Objects:
    if section == "calls":
        return {name: call_seen(call, viewer) for name, call in objects.items()}
    if section == "callbacks":
        if not viewer.sees_callbacks:
            return {}
        return {name: {**callback, "caller": masked(callback["caller"])} for name, callback in objects.items()}
    return objects


def call_seen(call: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
    """Return a call as a viewer sees it; caller, keys and words of another agent's call need a right."""
    is_own = viewer.seat is not None and viewer.seat in seats_of(call)
    if not (is_own or viewer.sees_all):
        return {**call, "caller": "", "caller_shown": "hidden", "keys": [], "said": [], "topic": "", "mine": False}
    caller = call["caller"]
    masked_caller = masked(caller)
    kind = "withheld" if not caller else "whole" if masked_caller == caller else "masked"
    return {**call, "caller": masked_caller, "caller_shown": kind, "mine": is_own}
