"""Before a talk with an agent or an expert, every caller hears that the talk is recorded (通话将被录音)."""

import pytest

from ivr.registry.model import Registry
from ivr.routing.decide import plan
from ivr.routing.explain import everybody
from ivr.routing.plan import Agents, AskMenu, Live, OfferExpert, Say, Step
from ivr.routing.service import SAYS_RECORDED
from tests.routing.numbers_by_mode import ALL, CENTERS, NIGHT_OF_A_HOLIDAY


def notices(step: Step) -> int:
    prompts = step.prompts if isinstance(step, Say) else step.opening if isinstance(step, AskMenu) else ()
    return sum(prompt in SAYS_RECORDED for prompt in prompts)


@pytest.mark.parametrize("came_back", [False, True])
@pytest.mark.parametrize("number", [*ALL, "99999", "nobody"])
def test_the_caller_hears_the_recording_notice_once_and_before_any_seat_rings(
    chenzhou: Registry, number: str, came_back: bool
) -> None:
    groups = everybody(chenzhou).signed_in
    for staffed in (groups, groups - {"expert-12315", "expert-12333", "expert-12320", "expert-12348"}):
        steps = plan(chenzhou, number, "", NIGHT_OF_A_HOLIDAY, Live(staffed, staffed, came_back)).steps
        seat = next(at for at, step in enumerate(steps) if isinstance(step, OfferExpert | Agents))
        assert sum(map(notices, steps[:seat])) == sum(map(notices, steps)) == 1


@pytest.mark.parametrize("number", CENTERS)
def test_a_caller_who_leaves_a_message_hears_no_recording_notice(chenzhou: Registry, number: str) -> None:
    nobody = Live(frozenset(), frozenset())
    assert not any(map(notices, plan(chenzhou, number, "", NIGHT_OF_A_HOLIDAY, nobody).steps))
