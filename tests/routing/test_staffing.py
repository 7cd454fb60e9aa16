"""A plan depends on the seats of few groups, so that the script asks for these groups only."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.registry.model import Registry
from ivr.routing import decide
from ivr.routing.calendar import CITY_TIME
from ivr.routing.plan import Live
from ivr.routing.staffing import groups_of

TIMES = [datetime(2026, 11, 23, 10, tzinfo=CITY_TIME), datetime(2026, 10, 1, 3, tzinfo=CITY_TIME)]


@given(data=st.data())
@pytest.mark.parametrize("at", TIMES)
def test_no_other_group_changes_the_plan(chenzhou: Registry, at: datetime, data: st.DataObject) -> None:
    numbers = [*(line.number for line in chenzhou.lines), "99999", "", "evil", "073512333"]
    number = data.draw(st.sampled_from(numbers))
    signed_in = data.draw(st.frozensets(st.sampled_from(sorted(chenzhou.groups))))
    free = data.draw(st.frozensets(st.sampled_from(sorted(chenzhou.groups)))) & signed_in
    came_back = data.draw(st.booleans())
    groups_asked_for = frozenset(groups_of(chenzhou, number, at))
    plan_of_all_groups = decide.plan(chenzhou, number, "13800000001", at, Live(signed_in, free, came_back))
    plan_of_few_groups = decide.plan(
        chenzhou, number, "13800000001", at, Live(signed_in & groups_asked_for, free & groups_asked_for, came_back)
    )
    assert plan_of_few_groups == plan_of_all_groups


def test_a_sub_center_asks_for_the_pooled_agents_alone(chenzhou: Registry) -> None:
    assert len(groups_of(chenzhou, "12313", TIMES[0])) == 1
    assert set(groups_of(chenzhou, "12333", TIMES[0])) == {"general", "expert-12333"}
