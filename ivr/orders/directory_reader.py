"""Reads orders.yaml, with the checks of numbers.yaml: returns an `OrderDirectory`, or every problem of the file."""

from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address

from ivr.orders.directory_model import (
    CitizenPage,
    County,
    DispatchEntry,
    FollowUps,
    OrderClass,
    OrderDirectory,
    OrderKind,
    OrderLimits,
    OrderUnit,
    Periods,
    UnitNotice,
)
from ivr.orders.enterprise_reader import read_enterprises
from ivr.orders.notice_reader import read_link, read_notice
from ivr.orders.platform_reader import read_platforms
from ivr.orders.working_days import WorkCalendar
from ivr.registry import field_types
from ivr.registry.document import read_document
from ivr.registry.fields import Fields
from ivr.registry.model import Place, Registry
from ivr.registry.problems import Problem
from ivr.registry.quoting import shown, with_nearest
from ivr.texts import _


def load_directory(text: str, file: str, registry: Registry, *, own: bool = True) -> OrderDirectory:
    """Make a directory of ``text``.

    Args:
        text: the YAML text.
        file: its name, for messages.
        registry: the registry beside the file, for its numbers, units and calendar.
        own: whether it is the site's own file; the shipped file may name numbers that this registry lacks.

    Raises:
        RegistryError: with every problem at once, in file order.
    """
    return read_document(
        text,
        file,
        lambda top, _problems: _DirectoryReader(top, registry, own=own).read(),
        _("orders.yaml starts with keys, such as units: and kinds:"),
    )


def directory_warnings(directory: OrderDirectory, registry: Registry, file: str) -> Iterator[Problem]:
    """Find the units of numbers.yaml that orders.yaml lacks."""
    for unit in sorted({line.unit for line in registry.lines if line.unit} - directory.units.keys()):
        message = _("{unit} has lines in numbers.yaml, but is no unit here: its work orders go to {default}")
        yield Problem(Place(file, 0, 0), message.format(unit=unit, default=directory.default_unit))


def calendar_warning(directory: OrderDirectory, year: int) -> str:
    """Return a warning if numbers.yaml does not know the holidays of a year; "" if it does."""
    if any(day.year == year for day in directory.calendar.holidays):
        return ""
    message = _("numbers.yaml lists no holiday of {year}: deadlines count every day from Monday to Friday")
    return message.format(year=year)


class _DirectoryReader:
    def __init__(self, top: Fields, registry: Registry, *, own: bool) -> None:
        self._top, self._registry, self._own = top, registry, own
        self._numbers = {line.number for line in registry.lines}
        self._units = {name: place for name, place in self._names("units")}
        self._classes: dict[str, OrderClass] = {}
        self._counties: dict[str, County] = {}

    def read(self) -> OrderDirectory:
        """Read every section, with its problems."""
        units = dict(self._read_units())
        kinds = dict(self._read_kinds())
        self._classes = dict(self._read_classes())
        self._counties = dict(self._read_counties())
        entries = tuple(self._read_entries())
        default_unit = self._name_in("default_unit", self._top, field_types.name, self._units, needed=True)
        default_kind = self._name_in("default_kind", self._top, field_types.key_name, kinds, needed=True)
        officers, ledger_kinds = read_enterprises(self._top, self._registry, self._units, kinds)
        directory = OrderDirectory(
            units=units,
            kinds=kinds,
            classes=self._classes,
            counties=self._counties,
            entries=entries,
            default_unit=default_unit or "",
            default_kind=default_kind or "",
            calendar=WorkCalendar(frozenset(self._registry.holidays), frozenset(self._registry.workdays)),
            periods=self._read_periods(),
            limits=self._read_limits(),
            follow_ups=self._read_follow_ups(),
            citizen_page=self._read_citizen_page(),
            notices=dict(self._read_notices()),
            supervision=self._read_supervision(),
            officers=officers,
            ledger_kinds=ledger_kinds,
            notifies=self._registry.events is not None,
            platforms=read_platforms(self._top),
            line_units={line.number: line.unit for line in self._registry.lines if line.unit},
        )
        self._top.done()
        return directory

    def _names(self, section: str) -> Iterator[tuple[str, Place]]:
        for fields in self._top.entries(section):
            name = fields.maybe("name", field_types.name)
            if name is not None:
                yield name, fields.at("name")

    def _read_units(self) -> Iterator[tuple[str, OrderUnit]]:
        self._top.require("units")
        first_places: dict[str, Place] = {}
        for fields in self._top.entries("units"):
            name = fields.need("name", field_types.name)
            if name is not None:
                _refuse_second(fields, "name", name, fields.at("name"), first_places)
            platform = self._platform(fields)
            if fields.done() and name is not None:
                yield name, OrderUnit(name, fields.place, platform)
        if self._top.length("units") == 0:
            self._top.refuse(self._top.at("units"), _("units: name at least one unit"))

    def _read_kinds(self) -> Iterator[tuple[str, OrderKind]]:
        self._top.require("kinds")
        for name, _place, fields in self._top.named("kinds", field_types.key_name):
            title = fields.need("title", field_types.name)
            days = fields.need("days", field_types.whole(1, 250))
            confidential = bool(fields.maybe("confidential", field_types.yes))
            phrases = tuple(phrase for phrase, _at in fields.texts("phrases", field_types.phrase))
            if fields.done() and title is not None and days is not None:
                yield name, OrderKind(name, title, days, confidential, phrases)

    def _read_classes(self) -> Iterator[tuple[str, OrderClass]]:
        self._top.require("classes")
        for name, _place, fields in self._top.named("classes", field_types.key_name):
            title = fields.need("title", field_types.name)
            phrases = tuple(phrase for phrase, _at in fields.texts("phrases", field_types.phrase))
            lines = tuple(self._registered(fields, "lines"))
            if fields.done() and title is not None:
                yield name, OrderClass(name, title, phrases, lines)

    def _read_counties(self) -> Iterator[tuple[str, County]]:
        first_places: dict[str, Place] = {}
        for fields in self._top.entries("counties"):
            name = fields.need("name", field_types.name)
            unit = self._name_in("unit", fields, field_types.name, self._units, needed=True)
            line = self._line(fields)
            if name is not None:
                _refuse_second(fields, "name", name, fields.at("name"), first_places)
            if fields.done() and name is not None and unit is not None:
                yield name, County(name, unit, line)

    def _read_entries(self) -> Iterator[DispatchEntry]:
        first_lines: dict[tuple[str, str, str], int] = {}
        for fields in self._top.entries("dispatch"):
            unit = self._name_in("unit", fields, field_types.name, self._units, needed=True)
            klass = self._name_in("class", fields, field_types.key_name, self._classes) or ""
            county = self._name_in("county", fields, field_types.name, self._counties) or ""
            line = self._line(fields)
            helpers = []
            for helper, place in fields.texts("helpers", field_types.name):
                if helper not in self._units or helper == unit:
                    message = _("helpers: {value} is no other unit of this file").format(value=shown(helper))
                    fields.refuse(place, with_nearest(message, helper, self._units))
                helpers.append(helper)
            conditions = (klass, line, county)
            if not any(conditions):
                fields.refuse(fields.place, _("name a class, line or county; default_unit gets all other matters"))
            elif conditions in first_lines:
                message = _("the entry on line {line} has the same class, line and county: this one is never reached")
                fields.refuse(fields.place, message.format(line=first_lines[conditions]))
            first_lines.setdefault(conditions, fields.place.line)
            if fields.done() and unit is not None:
                yield DispatchEntry(unit, tuple(helpers), klass, line, county, fields.place)

    def _read_periods(self) -> Periods:
        default, fields = Periods(), self._top.section("periods")
        if fields is None:
            return default
        days = field_types.whole(1, 60)
        periods = Periods(
            accept=fields.maybe("accept", days) or default.accept,
            remind_before=fields.maybe("remind_before", days) or default.remind_before,
            remind_after=fields.maybe("remind_after", days) or default.remind_after,
            escalate_after=fields.maybe("escalate_after", days) or default.escalate_after,
        )
        if periods.escalate_after <= periods.remind_after:
            fields.refuse(fields.at("escalate_after"), _("escalate_after: must be later than remind_after"))
        fields.done()
        return periods

    def _read_limits(self) -> OrderLimits:
        default, fields = OrderLimits(), self._top.section("limits")
        if fields is None:
            return default
        limits = {
            "extensions": fields.maybe("extensions", field_types.whole(0, 10)),
            "extension_days": fields.maybe("extension_days", field_types.whole(1, 250)),
            "returns": fields.maybe("returns", field_types.whole(0, 10)),
            "rounds": fields.maybe("rounds", field_types.whole(1, 10)),
        }
        fields.done()
        return OrderLimits(**{name: value for name, value in limits.items() if value is not None})

    def _read_follow_ups(self) -> FollowUps:
        default, fields = FollowUps(), self._top.section("follow_ups")
        if fields is None:
            return default
        after = fields.maybe("after", field_types.whole(0, 30))
        follow_ups = FollowUps(
            hours=fields.maybe("hours", field_types.span) or default.hours,
            tries=fields.maybe("tries", field_types.whole(1, 10)) or default.tries,
            pause=fields.maybe("pause", field_types.whole(1, 1440)) or default.pause,
            after=default.after if after is None else after,
            link=read_link(fields, self._registry, has_page=self._top.has("citizen_page")),
        )
        fields.done()
        return follow_ups

    def _platform(self, fields: Fields) -> str:
        """Read the platform that a unit's work orders go to."""
        name = fields.maybe("platform", field_types.key_name)
        declared = self._top.names("platforms")
        if name is not None and name not in declared:
            message = _("{key}: {value} is not in this file").format(key="platform", value=shown(name))
            fields.refuse(fields.at("platform"), with_nearest(message, name, declared))
        return name or ""

    def _read_notices(self) -> Iterator[tuple[str, UnitNotice]]:
        first_places: dict[str, Place] = {}
        for fields in self._top.entries("notify"):
            unit = self._name_in("unit", fields, field_types.name, self._units, needed=True)
            notice = read_notice(fields, self._registry)
            if unit is not None:
                _refuse_second(fields, "unit", unit, fields.at("unit"), first_places)
            if fields.done() and unit is not None and notice is not None:
                yield unit, notice

    def _read_supervision(self) -> UnitNotice | None:
        fields = self._top.section("supervision")
        notice = read_notice(fields, self._registry) if fields else None
        return notice if fields and fields.done() else None

    def _read_citizen_page(self) -> CitizenPage | None:
        default, fields = CitizenPage(), self._top.section("citizen_page")
        if fields is None:
            return None
        citizen_page = CitizenPage(
            each_hour=fields.maybe("each_hour", field_types.whole(1, 1000)) or default.each_hour,
            all_hour=fields.maybe("all_hour", field_types.whole(1, 100_000)) or default.all_hour,
            proxies=tuple(address for address, _place in fields.texts("proxies", _address)),
        )
        fields.done()
        return citizen_page

    def _registered(self, fields: Fields, key: str) -> Iterator[str]:
        for number, place in fields.texts(key, field_types.line_number):
            self._refuse_unregistered(fields, key, number, place)
            yield number

    def _line(self, fields: Fields) -> str:
        number = fields.maybe("line", field_types.line_number)
        if number is not None:
            self._refuse_unregistered(fields, "line", number, fields.at("line"))
        return number or ""

    def _refuse_unregistered(self, fields: Fields, key: str, number: str, place: Place) -> None:
        if self._own and number not in self._numbers:
            message = _("{key}: {number} is not in numbers.yaml").format(key=key, number=number)
            fields.refuse(place, with_nearest(message, number, self._numbers))

    def _name_in(
        self, key: str, fields: Fields, kind: Callable[[str], str], names: Mapping[str, object], *, needed: bool = False
    ) -> str | None:
        """Read a name that another section of the file must have."""
        name = fields.need(key, kind) if needed else fields.maybe(key, kind)
        if name is not None and name not in names:
            message = _("{key}: {value} is not in this file").format(key=key, value=shown(name))
            fields.refuse(fields.at(key), with_nearest(message, name, names))
        return name


def _address(text: str) -> str:
    """Return an IP address in its standard spelling."""
    try:
        return str(ip_address(text))
    except ValueError:
        raise field_types.RefusedError(_("{value} is no IP address").format(value=shown(text))) from None


def _refuse_second(fields: Fields, key: str, name: str, place: Place, first_places: dict[str, Place]) -> None:
    if name in first_places:
        message = _("{key}: {name} stands here a second time; the first is on line {line}")
        fields.refuse(place, message.format(key=key, name=shown(name), line=first_places[name].line))
    first_places.setdefault(name, place)
