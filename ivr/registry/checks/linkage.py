"""The hotline dials only registered targets outside itself through the carrier."""

from ivr.registry.draft import Draft
from ivr.registry.model import City, Place
from ivr.registry.problems import Problems
from ivr.texts import _


def check(draft: Draft, problems: Problems) -> None:
    """Check the numbers that are dialled for sub-centers and linkage services."""
    own_numbers = {spelling: number for number in draft.declared.numbers for spelling in _spellings(number, draft.city)}
    seats = {entry.value.number for entry in draft.seats}
    for line in draft.lines:
        if line.value.reach and (message := _inside(line.value.reach, line.value.number, own_numbers, seats)):
            problems.add(line.at("reach"), message)
    first_places: dict[str, Place] = {}
    for service in draft.linkage:
        number, place = service.value.number, service.at("number")
        if number in first_places:
            message = _("number: {number} stands on line {line} of linkage already")
            problems.add(place, message.format(number=number, line=first_places[number].line))
        elif number in own_numbers:
            message = _("number: {number} is a line already (line {line}), and agents reach it as that")
            problems.add(place, message.format(number=number, line=draft.declared.numbers[own_numbers[number]].line))
        elif service.value.reach != number and (inside := _inside(service.value.reach, number, own_numbers, seats)):
            problems.add(service.at("reach"), inside)
        first_places.setdefault(number, place)


def _spellings(number: str, city: City | None) -> set[str]:
    """All the ways in which a carrier could take ``number``."""
    if city is None:
        return {number}
    return {number, city.area_code + number, city.country_code + city.area_code.removeprefix("0") + number}


def _inside(reach: str, number: str, own_numbers: dict[str, str], seats: set[str]) -> str | None:
    """Return a message if ``reach`` of ``number`` leads back into the hotline."""
    if own_numbers.get(reach, number) != number:
        message = _("reach: {reach} is the hotline's own line {number}: the call would come back in, in a circle")
        return message.format(reach=reach, number=own_numbers[reach])
    if reach in seats:
        message = _("reach: {reach} is a seat; a number that is dialled through the carrier lies outside the hotline")
        return message.format(reach=reach)
    return None
