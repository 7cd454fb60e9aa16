"""The directory's suggestion for a matter: kind, class, county, units. Pure; a person decides."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivr.orders.directory_model import County, OrderClass, OrderDirectory, OrderKind


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The best entries for a matter; "" if no entry fits."""

    kind: str
    klass: str
    county: str
    unit: str
    helpers: tuple[str, ...] = ()
    officer: str = ""  # of enterprises only
    history: tuple[str, ...] = ()  # the earlier work orders that class and unit follow, if the directory has no answer


@dataclass(frozen=True, slots=True)
class EarlierOrder:
    """An earlier work order whose words are like the words of a matter."""

    order: str
    klass: str
    unit: str


def suggest_dispatch(
    directory: OrderDirectory,
    number: str,
    words: str,
    county: str = "",
    klass: str = "",
    earlier: Sequence[EarlierOrder] = (),
) -> Suggestion:
    """Suggest kind, class, county and units of a matter by its words, by its line, or by earlier work orders.

    Args:
        directory: the content of orders.yaml.
        number: the line that the matter concerns; "" if none is known.
        words: all words that were said or written about the matter.
        county: the county, if it is known already.
        klass: the class, if it is known already.
        earlier: earlier work orders with similar words, the most similar first.
    """
    kind = _name_by_phrases(directory.kinds, words) or directory.default_kind
    klass = klass or _name_by_phrases(directory.classes, words) or _class_of_line(directory, number)
    county = county or county_of(directory, number, words)
    unit, helpers = units_for(directory, klass, number, county)
    officer = _officer(directory, words)
    if not klass and (history_orders := _most_alike(directory, earlier)):
        model_order, history_numbers = history_orders[0], tuple(order.order for order in history_orders)
        return Suggestion(kind, model_order.klass, county, model_order.unit, (), officer, history_numbers)
    return Suggestion(kind, klass, county, unit, helpers, officer)


def _most_alike(directory: OrderDirectory, earlier: Sequence[EarlierOrder]) -> list[EarlierOrder]:
    """Return the earlier work orders with the class and unit that more than half of them have; [] if there are none."""
    usable_orders = [order for order in earlier if order.klass in directory.classes and order.unit in directory.units]
    counted = Counter((order.klass, order.unit) for order in usable_orders)
    most_common, count = max(counted.items(), key=lambda item: item[1], default=(("", ""), 0))
    if 2 * count <= len(usable_orders):
        return []
    return [order for order in usable_orders if (order.klass, order.unit) == most_common]


def _officer(directory: OrderDirectory, words: str) -> str:
    """Return the policy officer whose longest topic was said; "" if there is none."""
    topics = (
        (len(topic), officer.name)
        for officer in directory.officers.values()
        for topic in officer.topics
        if topic in words
    )
    return max(topics, default=(0, ""))[1]


def units_for(directory: OrderDirectory, klass: str, number: str, county: str) -> tuple[str, tuple[str, ...]]:
    """Return main unit and helping units of the dispatch entry with the most conditions that fit, of equals the first.

    If no entry fits, the main unit is the first existing unit of this list: the county's unit; the unit in numbers.yaml
    of a line of the class, of the dialled line first; the unit of the dialled line; the default unit.
    """
    matter = (klass, number, county)
    best_entry = max(
        (entry for entry in directory.entries if _fits((entry.klass, entry.line, entry.county), matter)),
        key=lambda entry: sum(map(bool, (entry.klass, entry.line, entry.county))),
        default=None,
    )
    if best_entry is not None:
        return best_entry.unit, best_entry.helpers
    if county in directory.counties:
        return directory.counties[county].unit, ()
    lines = directory.classes[klass].lines if klass in directory.classes else ()
    for line in (number, *lines) if number in lines else (*lines, number):
        if (unit := directory.line_units.get(line, "")) in directory.units:
            return unit, ()
    return directory.default_unit, ()


def county_of(directory: OrderDirectory, number: str, words: str) -> str:
    """Return the county whose number was dialled, or the only county that the words name; "" if there is none."""
    for county in directory.counties.values():
        if number and county.line == number:
            return county.name
    named_counties = [county.name for county in directory.counties.values() if _stem(county) in words]
    return named_counties[0] if len(named_counties) == 1 else ""


def _stem(county: County) -> str:
    """Return the name as people say it: 桂阳 for 桂阳县."""
    return county.name[:-1] if len(county.name) > 2 and county.name[-1] in "县区市" else county.name


def _fits(conditions: tuple[str, ...], matter: tuple[str, ...]) -> bool:
    return all(not condition or condition == value for condition, value in zip(conditions, matter, strict=True))


def _name_by_phrases(named_entries: Mapping[str, OrderKind] | Mapping[str, OrderClass], words: str) -> str:
    """Return the name with the longest phrase in the words; "" if the words have no phrase."""
    longest = {
        name: max((len(phrase) for phrase in entry.phrases if phrase in words), default=0)
        for name, entry in named_entries.items()
    }
    best_name = max(longest, key=lambda name: longest[name], default="")
    return best_name if best_name and longest[best_name] else ""


def _class_of_line(directory: OrderDirectory, number: str) -> str:
    return next((klass.name for klass in directory.classes.values() if number and number in klass.lines), "")
