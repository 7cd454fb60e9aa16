"""A small registry in code, with a line of every mode, similar to Chenzhou's."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time

from ivr.registry.model import (
    Choice,
    ChoiceKind,
    City,
    Group,
    GroupKind,
    Hours,
    Line,
    Linkage,
    Menu,
    Mode,
    Place,
    Registry,
    Seat,
    Timers,
)
from ivr.registry.trunk_model import Host, Trunk
from ivr.routing.plan import Live

NEW_YEAR = date(2026, 1, 1)
OFFICE = Hours("office", {day: ((time(9), time(12)), (time(13), time(17))) for day in range(5)}, Place("t.yaml", 90, 3))


def line(number: str, mode: Mode, at: int, **other: object) -> Line:
    plain = Line(number, f"电话{number}", "某局", mode, Place("t.yaml", at, 5))
    return replace(plain, **other)  # type: ignore[arg-type]


def group(name: str, kind: GroupKind, at: int, overflow: str | None = None) -> Group:
    return Group(name, f"{name}席", kind, limit=5, place=Place("t.yaml", at, 3), overflow=overflow)


LINES = (
    line("12345", Mode.HOTLINE, 10, menu="main"),
    line("2912345", Mode.MERGED, 11),
    line("12331", Mode.MERGED, 12, into="12315"),
    line("12336", Mode.MERGED, 13, into="12345"),
    line("12356", Mode.MERGED, 14, valid_until=date(2024, 12, 31)),
    line("12315", Mode.DUAL, 15, expert="expert-12315"),
    line("12333", Mode.DUAL, 16, expert="expert-12333", hours="office"),
    line("12369", Mode.DUAL, 17),
    line("12366", Mode.SUBCENTER, 18, reach="07362123366"),
    line("12329", Mode.SUBCENTER, 19, hours="office"),
)

GROUPS = (
    group("enterprise", GroupKind.ENTERPRISE, 30, overflow="general"),
    group("general", GroupKind.GENERAL, 31),
    group("expert-12315", GroupKind.EXPERT, 32),
    group("expert-12333", GroupKind.EXPERT, 33),
)

MENU = Menu(
    "main",
    "menu-main",
    (
        Choice("1", ChoiceKind.GROUP, "general", "反映问题", Place("t.yaml", 41, 5)),
        Choice("2", ChoiceKind.GROUP, "enterprise", "企业服务", Place("t.yaml", 42, 5)),
        Choice("3", ChoiceKind.LINE, "12333", "社保", Place("t.yaml", 43, 5)),
        Choice("4", ChoiceKind.LINE, "12366", "税务", Place("t.yaml", 44, 5)),
        Choice("5", ChoiceKind.LINE, "2912345", "区长", Place("t.yaml", 45, 5)),
        Choice("6", ChoiceKind.LINE, "12331", "食品", Place("t.yaml", 46, 5)),
        Choice("0", ChoiceKind.GROUP, "general", "", Place("t.yaml", 47, 5)),
        Choice("*", ChoiceKind.REPEAT, None, "", Place("t.yaml", 48, 5)),
    ),
    "general",
    Place("t.yaml", 40, 3),
)


def registry(lines: Iterable[Line] = LINES, groups: Iterable[Group] = GROUPS) -> Registry:
    """Return a registry of these lines and groups, with a seat for each group."""
    named = {each.name: each for each in groups}
    return Registry(
        city=City("郴州", "0735", "86"),
        lines=tuple(lines),
        groups=named,
        seats={
            f"80{index:02}": Seat(f"80{index:02}", f"座席{index}", (name,), Place("t.yaml", 60 + index, 3))
            for index, name in enumerate(named)
        },
        menus={"main": MENU},
        hours={"office": OFFICE},
        holidays={NEW_YEAR: "元旦"},
        linkage={"110": Linkage("110", "公安", "110", Place("t.yaml", 80, 3))},
        trunks=(Trunk("carrier", (Host("127.0.0.1", 5080),), Place("t.yaml", 1, 1)),),
        timers=Timers(expert=20, center=25, seat=15, menu=5, message=120, rating=0),
    )


def here(*groups: str, busy: Iterable[str] = (), came_back: bool = False) -> Live:
    """Return a state in which only seats of these groups are signed in; those of the ``busy`` groups are not free."""
    signed_in = frozenset(groups) | frozenset(busy)
    return Live(signed_in, frozenset(groups) - frozenset(busy), came_back)


ALL_HERE = here(*(each.name for each in GROUPS))
