"""Feature codes: what an agent hears, and what becomes of the seat."""

import pytest

from ivr.registry.model import Registry
from tests.agi_scripts.story import told
from tests.asterisk.fake import FakeAsterisk
from tests.asterisk.fake_channel import Story

SEATS = {
    "8001": "general", "8002": "general", "8003": "general", "8004": "general", "8101": "enterprise",
    "8348": "expert-12348", "8333": "expert-12333", "8320": "expert-12320", "8315": "expert-12315",
}  # fmt: skip
seats = pytest.mark.parametrize("seat", SEATS)
states = pytest.mark.parametrize("signed_in", [True, False])


def test_these_are_all_the_seats(registry: Registry) -> None:
    assert {number: seat.groups for number, seat in registry.seats.items()} == {
        number: (group,) for number, group in SEATS.items()
    }


async def dial(asterisk: FakeAsterisk, seat: str, code: str, *, signed_in: bool) -> Story:
    """Dial a code at a seat; another seat, whose number begins alike, is signed in everywhere."""
    members = f"PJSIP/{seat}9,PJSIP/{seat}" if signed_in else f"PJSIP/{seat}9"
    variables = {f"QUEUE_MEMBER_LIST(group-{group})": members for group in SEATS.values()}
    story = await asterisk.call(seat, code, script="seat", variables=variables)
    assert story.answered
    assert told(story)[-1] == "done"
    return story


def ran(story: Story) -> list[tuple[str, ...]]:
    return [(run.application, *run.arguments) for run in story.runs]


@seats
@states
async def test_81_signs_in_ready(asterisk: FakeAsterisk, seat: str, signed_in: bool) -> None:
    story = await dial(asterisk, seat, "*81", signed_in=signed_in)
    assert ran(story) == [
        ("AddQueueMember", f"group-{SEATS[seat]}", f"PJSIP/{seat}", "0", "", seat),
        ("UnpauseQueueMember", "", f"PJSIP/{seat}"),
    ]
    assert story.heard == ["seat-signed-in"]


@seats
@states
async def test_80_signs_out(asterisk: FakeAsterisk, seat: str, signed_in: bool) -> None:
    story = await dial(asterisk, seat, "*80", signed_in=signed_in)
    assert ran(story) == [("RemoveQueueMember", f"group-{SEATS[seat]}", f"PJSIP/{seat}")]
    assert story.heard == ["seat-signed-out"]


@seats
@pytest.mark.parametrize(
    ("code", "does", "heard"),
    [("*82", "PauseQueueMember", "seat-busy"), ("*83", "UnpauseQueueMember", "seat-ready")],
)
async def test_82_is_busy_and_83_is_ready(asterisk: FakeAsterisk, seat: str, code: str, does: str, heard: str) -> None:
    story = await dial(asterisk, seat, code, signed_in=True)
    assert ran(story) == [(does, "", f"PJSIP/{seat}")]
    assert story.heard == [heard]


@seats
@pytest.mark.parametrize("code", ["*82", "*83"])
async def test_a_seat_that_is_not_signed_in_is_told_so(asterisk: FakeAsterisk, seat: str, code: str) -> None:
    story = await dial(asterisk, seat, code, signed_in=False)
    assert (ran(story), story.heard) == ([], ["seat-not-signed-in"])


@states
@pytest.mark.parametrize("code", ["*80", "*81", "*82", "*83"])
@pytest.mark.parametrize("phone", ["9999", "13800000000", "carrier", "8001&PJSIP/8002", ""])
async def test_a_phone_that_is_no_seat_is_told_so(
    asterisk: FakeAsterisk, phone: str, code: str, signed_in: bool
) -> None:
    story = await dial(asterisk, phone, code, signed_in=signed_in)
    assert (ran(story), story.heard) == ([], ["seat-unknown"])
