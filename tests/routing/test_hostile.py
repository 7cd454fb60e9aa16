"""For every input of caller and carrier, the plan ends at an agent, an expert, a center or a message."""

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from hypothesis import example, given
from hypothesis import strategies as st

from ivr.registry.model import Line, Mode, Registry
from ivr.routing.calendar import CITY_TIME
from ivr.routing.decide import after_menu, plan
from ivr.routing.explain import as_data
from ivr.routing.plan import Agents, Live, Message, OfferCenter, OfferExpert, Say, Step
from tests.routing.registry import GROUPS, LINES, MENU, line, registry

NAMES = [group.name for group in GROUPS]
NUMBERS = [each.number for each in LINES]
PREFIXES = ["", "0735", "735", "86", "+86", "0086", "+86735", "+860735", "86735", "+", "00"]

hostile = st.one_of(
    st.text(max_size=80),
    st.text("0123456789+-() .*#&@;,$/{}\"'\r\n\0０１１２８６", max_size=40),
    st.builds("{}{}{}".format, st.sampled_from(PREFIXES), st.sampled_from(NUMBERS), st.text(max_size=5)),
    st.builds("{}{}".format, st.sampled_from(PREFIXES), st.from_regex(r"[0-9]{0,24}", fullmatch=True)),
)
moments = st.datetimes(
    datetime(2000, 1, 1),
    datetime(2100, 1, 1),
    timezones=st.sampled_from([CITY_TIME, timezone.utc, timezone(timedelta(hours=-11))]),  # noqa: UP017
)
lives = st.builds(
    Live,
    st.frozensets(st.sampled_from(NAMES)),
    st.frozensets(st.sampled_from(NAMES)),
    st.booleans(),
)


def _link(number: str, into: str | None) -> Line:
    return line(number, Mode.MERGED, 1, into=into)


@st.composite
def registries(draw: st.DrawFn) -> Registry:
    """Draw a registry whose merged lines lead anywhere, even in circles and to ended lines."""
    numbers = ["12301", "12302", "12303", "12304"]
    targets = st.sampled_from([None, *numbers, *NUMBERS, "55555"])
    links = [_link(number, draw(targets)) for number in numbers]
    general, *others = sorted(GROUPS, key=lambda group: group.name != "general")
    overflows = st.sampled_from([None, *NAMES])
    groups = [replace(general, overflow=draw(overflows)), *(replace(each, overflow=draw(overflows)) for each in others)]
    return registry([*LINES, *links], groups)


def assert_ends_well(whole: Registry, steps: tuple[Step, ...]) -> None:
    assert isinstance(steps[-1], Message)
    assert isinstance(steps[-2], Agents) if len(steps) > 1 and steps[-1].reason != "no-agent" else True
    assert sum(isinstance(step, Message | Agents) for step in steps) <= 2
    reaches = {each.reach or each.number for each in whole.lines if each.mode is Mode.SUBCENTER}
    for step in steps:
        if isinstance(step, OfferCenter):
            assert step.reach in reaches
        if isinstance(step, OfferExpert | Agents):
            assert step.group in whole.groups
        if isinstance(step, Say):
            assert all(re.fullmatch(r"[a-z0-9/-]+", prompt) for prompt in step.prompts)


@given(registries(), hostile, hostile, moments, lives)
@example(
    registry(),
    "12366&PJSIP/9011@carrier",
    "1,Dial(PJSIP/x)",
    datetime(2025, 6, 3, tzinfo=CITY_TIME),
    Live(frozenset(), frozenset()),
)
def test_any_call_ends_at_a_human_or_a_message(
    whole: Registry, dialled: str, caller: str, at: datetime, live: Live
) -> None:
    decided = plan(whole, dialled, caller, at, live)
    assert_ends_well(whole, decided.steps)
    assert re.fullmatch(r"[0-9]{0,20}", decided.dialled)
    assert re.fullmatch(r"(\+?[0-9]{1,20})?", decided.caller)
    assert decided.chain[-1] == decided.line.number
    assert decided.line.mode is not Mode.MERGED
    assert decided.gap is (decided.entry is None)
    assert as_data(whole, decided, live)["steps"]


@given(registries(), st.one_of(st.none(), st.sampled_from("0123456789*#"), hostile), moments, lives)
def test_any_key_ends_at_a_human_or_a_message(whole: Registry, key: str | None, at: datetime, live: Live) -> None:
    decided = plan(whole, "12345", "", at, live)
    assert_ends_well(whole, after_menu(whole, decided, MENU, key, live))


@given(st.sampled_from(NUMBERS), st.sampled_from(PREFIXES[:9]), moments, lives)
def test_a_registered_number_is_known_in_every_spelling(number: str, prefix: str, at: datetime, live: Live) -> None:
    whole = registry()
    if prefix == "86" and len(number) < 7:
        prefix = "86735"  # 8612345 alone is a local number
    assert plan(whole, prefix + number, "", at, live).dialled == number
