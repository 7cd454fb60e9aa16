"""Feature codes: the prompts that an agent hears, and the state of the seat."""

import pytest

from agi_scripts.pins import PAUSE
from ivr.registry.model import Registry
from testkit.fake_asterisk.channel import Story
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.agi_scripts.call_in_words import in_words
from tests.agi_scripts.conftest import NIGHT_OF_A_HOLIDAY

SEATS = {
    "8001": "general", "8002": "general", "8003": "general", "8004": "general", "8101": "enterprise",
    "8348": "expert-12348", "8333": "expert-12333", "8320": "expert-12320", "8315": "expert-12315",
}  # fmt: skip
seats = pytest.mark.parametrize("seat", SEATS)
states = pytest.mark.parametrize("signed_in", [True, False])


def test_the_registry_has_all_seats_of_these_tests(registry: Registry) -> None:
    assert {number: seat.groups for number, seat in registry.seats.items()} == {
        number: (group,) for number, group in SEATS.items()
    }


async def dial(asterisk: FakeAsterisk, seat: str, code: str, *, signed_in: bool) -> Story:
    """Dial a code at a seat. Another seat, whose number has the same beginning, is signed in to every group."""
    members = f"PJSIP/{seat}9,PJSIP/{seat}" if signed_in else f"PJSIP/{seat}9"
    variables = {f"QUEUE_MEMBER_LIST(group-{group})": members for group in SEATS.values()}
    story = await asterisk.call(seat, code, script="seat", variables=variables)
    assert story.answered
    assert in_words(story)[-1] == "done"
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
    ("code", "reason"), [("*82", ""), ("*821", "break"), ("*822", "meal"), ("*825", "paperwork")]
)  # fmt: skip
async def test_82_is_busy_for_a_reason(asterisk: FakeAsterisk, seat: str, code: str, reason: str) -> None:
    story = await dial(asterisk, seat, code, signed_in=True)
    assert ran(story) == [("PauseQueueMember", "", f"PJSIP/{seat}", "", reason)]
    assert story.heard == ["seat-busy"]


@pytest.mark.parametrize("code", ["*820", "*829", "*8211", "*82*"])
async def test_an_unknown_reason_is_refused(asterisk: FakeAsterisk, code: str) -> None:
    story = await dial(asterisk, "8001", code, signed_in=True)
    assert (ran(story), story.heard) == ([], ["seat-reason-unknown"])


@seats
async def test_83_is_ready_and_ends_wrapup(asterisk: FakeAsterisk, seat: str) -> None:
    story = await dial(asterisk, seat, "*83", signed_in=True)
    assert ran(story) == [
        ("RemoveQueueMember", f"group-{SEATS[seat]}", f"PJSIP/{seat}"),
        ("AddQueueMember", f"group-{SEATS[seat]}", f"PJSIP/{seat}", "0", "", seat),
        ("UnpauseQueueMember", "", f"PJSIP/{seat}"),
    ]
    assert story.heard == ["seat-ready"]


PIN = "042137"


@pytest.fixture
def services(services: FakeServices) -> FakeServices:
    services.seat_pins = lambda: {"8001": PIN, "8002": "000000"}
    return services


async def sign_in_at(asterisk: FakeAsterisk, phone: str, code: str, pin: str, **variables: str) -> Story:
    story = await asterisk.call(phone, code, script="seat", keys=f"{pin}#", variables=variables)
    assert in_words(story)[-1] == "done"
    assert not any(PIN in command for command in story.commands)
    return story


async def test_a_seat_signs_in_at_any_phone_with_its_pin(asterisk: FakeAsterisk) -> None:
    story = await sign_in_at(asterisk, "8101", "*818001", PIN)
    assert story.heard == ["seat-enter-pin", "seat-signed-in"]
    assert ran(story) == [
        ("AddQueueMember", "group-general", "PJSIP/8101", "0", "", "8001"),
        ("UnpauseQueueMember", "", "PJSIP/8101"),
    ]
    assert (story.variables["DB(seat/8101)"], story.variables["DB(phone/8001)"]) == ("8001", "8101")
    out = await sign_in_at(asterisk, "8333", "*808001", PIN, **{"DB(phone/8001)": "8101"})
    assert ran(out) == [("RemoveQueueMember", "group-general", "PJSIP/8101")]
    assert out.heard == ["seat-enter-pin", "seat-signed-out"]


@pytest.mark.parametrize(
    ("phone", "code", "pin", "variables", "heard"),
    [
        ("8101", "*818001", PIN, {"DB(phone/8001)": "8002"}, "seat-elsewhere"),
        ("8101", "*818001", PIN, {"DB(seat/8101)": "8003"}, "seat-phone-taken"),
        ("8101", "*818001", "000000", {}, "seat-pin-wrong"),
        ("8101", "*818001", "", {}, "seat-pin-wrong"),
        ("8101", "*818003", "", {}, "seat-pin-wrong"),  # the seat has no PIN yet
        ("8101", "*819999", PIN, {}, "seat-pin-wrong"),
        ("8101", "*81" + "8" * 60, PIN, {}, "seat-pin-wrong"),
        ("9999", "*818001", PIN, {}, "seat-unknown"),
    ],
)
async def test_an_agent_who_cannot_sign_in_at_a_phone_hears_why(
    asterisk: FakeAsterisk, phone: str, code: str, pin: str, variables: dict[str, str], heard: str
) -> None:
    everywhere = {"QUEUE_MEMBER_LIST(group-general)": "PJSIP/8002,PJSIP/8101"}
    story = await sign_in_at(asterisk, phone, code, pin, **everywhere, **variables)
    assert (story.heard[-1], ran(story)) == (heard, [])


@pytest.mark.parametrize(
    ("phones", "seats"), [(["8101"] * 3, ["8001", "8002", "9999"]), (["8101", "8333", "8004"], ["8001"] * 3)]
)
async def test_after_three_wrong_pins_a_phone_has_to_wait(
    asterisk: FakeAsterisk, services: FakeServices, phones: list[str], seats: list[str]
) -> None:
    for phone, seat in zip(phones, seats, strict=True):
        assert (await sign_in_at(asterisk, phone, f"*81{seat}", "111111")).heard[-1] == "seat-pin-wrong"
    assert (await sign_in_at(asterisk, phones[-1], f"*81{seats[0]}", PIN)).heard == ["seat-pin-paused"]
    later = NIGHT_OF_A_HOLIDAY + PAUSE
    services.now = lambda: later
    assert (await sign_in_at(asterisk, phones[-1], "*818001", PIN)).heard[-1] == "seat-signed-in"


@seats
@pytest.mark.parametrize("code", ["*82", "*83"])
async def test_an_agent_who_is_not_signed_in_hears_so(asterisk: FakeAsterisk, seat: str, code: str) -> None:
    story = await dial(asterisk, seat, code, signed_in=False)
    assert (ran(story), story.heard) == ([], ["seat-not-signed-in"])


@states
@pytest.mark.parametrize("code", ["*80", "*81", "*82", "*83"])
@pytest.mark.parametrize("phone", ["9999", "13800000000", "carrier", "8001&PJSIP/8002", ""])
async def test_a_caller_at_a_phone_that_is_no_seat_hears_so(
    asterisk: FakeAsterisk, phone: str, code: str, signed_in: bool
) -> None:
    story = await dial(asterisk, phone, code, signed_in=signed_in)
    assert (ran(story), story.heard) == ([], ["seat-unknown"])
