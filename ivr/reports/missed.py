"""Groups the utterances that were not understood by their sound, with the acts of agents (听不懂的话). Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ivr.call_events.values import PartyKind
from ivr.phonetics.align import hear
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import LegKind, Utterance

_NO_MATTER = (PartyKind.SEAT, PartyKind.SUPERVISOR)  # because the advice of a colleague does not show the matter


class AgentAction(StrEnum):
    """An act of an agent that shows the caller's matter."""

    CONSULT = "consult"  # consulted a line, a center, a service or an expert
    WORK_ORDER = "work-order"


@dataclass(frozen=True, slots=True)
class AgentChoice:
    """The act of an agent, with the number and unit that the agent chose."""

    action: AgentAction
    number: str  # the number consulted, or the line that the work order concerns
    unit: str  # of the work order; "" for a consult


@dataclass(frozen=True, slots=True)
class MissedText:
    """A text that callers said, in readings of the same sound, and that no menu understood."""

    text: str  # the most frequent reading
    readings: tuple[str, ...]  # all readings, the most frequent first
    count: int  # how often it was said
    last_at: datetime
    menus: tuple[str, ...]
    choices: Mapping[AgentChoice, int]  # the calls with each choice of agents; the most frequent first
    unsettled: int  # calls without a consult or work order that shows the matter


def missed_texts(
    records: Iterable[CallRecord],
    since: datetime | None = None,
    until: datetime | None = None,
    menu: str | None = None,
) -> tuple[MissedText, ...]:
    """Return the texts that were not understood, the most frequent first; of equally frequent texts the latest first.

    Args:
        records: call records; a record without a missed utterance does not count.
        since: count utterances of this time or later; aware.
        until: count utterances before this time; aware.
        menu: count utterances at this menu.
    """
    utterances_by_sound: dict[str, list[tuple[CallRecord, Utterance]]] = defaultdict(list)
    for record in records:
        for utterance in record.utterances:
            in_time = (since is None or since <= utterance.at) and (until is None or utterance.at < until)
            if utterance.decision.is_missed and in_time and menu in (None, utterance.menu):
                utterances_by_sound[_sound(utterance.text)].append((record, utterance))
    texts = (_missed_text(utterances) for utterances in utterances_by_sound.values())
    return tuple(sorted(texts, key=lambda text: (text.count, text.last_at), reverse=True))


def to_json(missed: MissedText) -> dict[str, Any]:
    """Return a text for ``ivr speech missed --json``: its time in ISO 8601, UTC, with its offset."""
    return {
        "text": missed.text,
        "readings": list(missed.readings),
        "count": missed.count,
        "last_at": missed.last_at.isoformat(timespec="milliseconds"),
        "menus": list(missed.menus),
        "made_of": [
            {"by": choice.action, "number": choice.number, "unit": choice.unit or None, "count": count}
            for choice, count in missed.choices.items()
        ],
        "unsettled": missed.unsettled,
    }


def _missed_text(utterances: list[tuple[CallRecord, Utterance]]) -> MissedText:
    latest_first = sorted(utterances, key=lambda pair: pair[1].at, reverse=True)
    readings = [text for text, _count in Counter(utterance.text for _record, utterance in latest_first).most_common()]
    calls = {record.call_id: record for record, _utterance in latest_first}
    choices = Counter(choice for record in calls.values() for choice in _choices(record))
    return MissedText(
        text=readings[0],
        readings=tuple(readings),
        count=len(utterances),
        last_at=latest_first[0][1].at,
        menus=tuple(sorted({utterance.menu for _record, utterance in utterances})),
        choices=dict(choices.most_common()),
        unsettled=sum(not _choices(record) for record in calls.values()),
    )


def _choices(record: CallRecord) -> dict[AgentChoice, None]:
    """Return the acts of agents in one call, each once. A caller's message is no act of an agent."""
    consults = (leg for leg in record.legs if leg.kind is LegKind.CONSULT and leg.party not in _NO_MATTER)
    orders = (order for order in record.work_orders if not order.recording)
    return dict.fromkeys(
        [AgentChoice(AgentAction.CONSULT, leg.target, "") for leg in consults]
        + [AgentChoice(AgentAction.WORK_ORDER, order.number, order.unit) for order in orders]
    )


def _sound(text: str) -> str:
    """Return a key that texts of the same sound share: toneless syllables, without filler words.

    A text of nothing but filler words keeps them; a text without Chinese characters is its own key.
    """
    heard_text = hear(text)
    syllables = [sound.readings[0] for sound in heard_text.sounds]
    matter = [syllable for syllable, filler in zip(syllables, heard_text.filler, strict=True) if not filler]
    return " ".join(matter or syllables) or text.casefold().strip()
