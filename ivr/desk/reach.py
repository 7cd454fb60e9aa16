"""Searches the targets of a consult by number, name, unit or Pinyin initials. Pure but for the dictionary."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from ivr.call_events.values import PartyKind
from ivr.phonetics import dictionaries
from ivr.registry.model import Registry
from ivr.routing.consult import Party, consult, is_closed, targets

_MOST = 20


def find_targets(
    registry: Registry,
    search: str,
    seat: str,
    now: datetime,
    seats: Mapping[str, Mapping[str, Any]],
    only_kind: PartyKind | None = None,
) -> list[dict[str, Any]]:
    """Return up to 20 registered numbers that a search finds, the best first.

    Args:
        registry: the registry in force.
        search: part of a number, name or unit, or Pinyin: ``rs`` or ``renshe`` finds 人社.
        seat: the agent's own seat, which is left out.
        now: the city's time.
        seats: the seats' states.
        only_kind: the only kind to return; None for all kinds.
    """
    words = search.casefold().split()
    ranked_targets = []
    for target in _targets(registry, seat, now, seats):
        ranks = [_rank(word, target) for word in words]
        if only_kind in (None, target["kind"]) and all(rank is not None for rank in ranks):
            ranked_targets.append((sum(rank or 0 for rank in ranks), target["number"], target))
    return [target for _rank_sum, _number, target in sorted(ranked_targets, key=lambda entry: entry[:2])[:_MOST]]


def _targets(
    registry: Registry, seat: str, now: datetime, seats: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    for number in targets(registry):
        party = consult(registry, number, seat, now.date())
        if not isinstance(party, Party):
            continue
        line, linkage = registry.entry(number, now.date()), registry.linkage.get(number)
        holder = registry.seats.get(number) or line or linkage
        yield {
            "number": number,
            "name": holder.name if holder else "",
            "kind": party.kind.value,
            "unit": line.unit if line else "",
            "open": not is_closed(registry, number, now),
            "state": seats[number]["state"] if number in seats else None,
            "emergency": number in registry.emergencies,
        }


def _rank(word: str, target: Mapping[str, Any]) -> int | None:
    """Return the rank of a target for a word of the search, 0 the best; None if the word is not in the target."""
    number, name, unit = target["number"], target["name"].casefold(), target["unit"].casefold()
    if number == word:
        return 0
    if number.startswith(word):
        return 1
    if name.startswith(word):
        return 2
    if word in name:
        return 3
    if word in unit or word in number:
        return 4
    if word.isascii() and word.isalpha() and any(word in sound for sound in _sounds(name + " " + unit)):
        return 5
    return None


@lru_cache(maxsize=1000)
def _sounds(text: str) -> tuple[str, str]:
    """Return a text in Pinyin, whole and by its initials."""
    pypinyin = dictionaries.pypinyin
    return "".join(pypinyin.lazy_pinyin(text)), "".join(pypinyin.lazy_pinyin(text, style=pypinyin.Style.FIRST_LETTER))
