"""The plan of each mode, with its reasons, for the registry of `tests.routing.registry`."""

from datetime import UTC, date, datetime

import pytest

from ivr.registry.model import Mode
from ivr.routing.calendar import CITY_TIME
from ivr.routing.decide import plan
from ivr.routing.plan import Live, Plan
from tests.routing.registry import ALL_HERE, GROUPS, LINES, NEW_YEAR, here, line, registry
from tests.routing.steps_in_words import story

TUESDAY_MORNING = datetime(2025, 6, 3, 10, tzinfo=CITY_TIME)
TUESDAY_NIGHT = datetime(2025, 6, 3, 22, tzinfo=CITY_TIME)
CALLER = "13800000000"
TO_A_HUMAN = ["agents general: no-choice", "message: fallback"]
HOTLINE = ["menu main opening: hotline", *TO_A_HUMAN]


def decide(dialled: str, live: Live = ALL_HERE, at: datetime = TUESDAY_MORNING) -> Plan:
    return plan(registry(), dialled, CALLER, at, live)


class TestHotline:
    def test_opening_and_menu_then_an_agent_for_a_caller_who_presses_nothing(self) -> None:
        assert story(decide("12345").steps) == HOTLINE

    def test_without_a_menu_straight_to_the_agents(self) -> None:
        straight = registry([line("12345", Mode.HOTLINE, 10)])
        steps = plan(straight, "12345", CALLER, TUESDAY_MORNING, ALL_HERE).steps
        assert story(steps) == ["say opening: hotline", "agents general: straight", "message: fallback"]

    def test_without_signed_in_seats_a_message_follows_the_menu(self) -> None:
        assert story(decide("12345", here()).steps) == ["menu main opening: hotline", "message: no-agent"]

    def test_an_entry_of_the_hotline_changes_on_its_date(self) -> None:
        changed = registry(
            [
                line("12345", Mode.HOTLINE, 10, menu="main", valid_until=date(2025, 6, 3)),
                line("12345", Mode.HOTLINE, 11, valid_from=date(2025, 6, 4)),
                line("2912345", Mode.MERGED, 12),
            ]
        )
        last_minute, first_minute = (
            plan(changed, "2912345", CALLER, at, ALL_HERE)
            for at in (
                datetime(2025, 6, 3, 23, 59, tzinfo=CITY_TIME),
                datetime(2025, 6, 4, tzinfo=CITY_TIME),
            )
        )
        assert story(last_minute.steps)[0] == "menu main merged-recorded: merged"
        assert story(first_minute.steps)[0] == "say merged-recorded: merged"


class TestMerged:
    @pytest.mark.parametrize("number", ["2912345", "12336"])
    def test_a_merged_number_gets_one_notice_and_then_the_hotline(self, number: str) -> None:
        decided = decide(number)
        assert story(decided.steps) == ["menu main merged-recorded: merged", *TO_A_HUMAN]
        assert decided.chain == (number, "12345")
        assert (decided.line.number, decided.entry and decided.entry.number) == ("12345", number)

    def test_a_chain_ends_at_the_expert_seat_after_one_notice(self) -> None:
        decided = decide("12331")
        assert story(decided.steps) == [
            "say merged-recorded: merged",
            "expert expert-12315 20s: expert",
            "say expert-away: fallback",
            "agents general needs-expert: fallback",
            "message: fallback",
        ]
        assert decided.chain == ("12331", "12315")
        assert decided.line.number == "12315"

    def test_a_chain_of_three_still_has_one_notice(self) -> None:
        longer = registry([*LINES, line("96119", Mode.MERGED, 20, into="12331")])
        decided = plan(longer, "96119", CALLER, TUESDAY_MORNING, ALL_HERE)
        assert decided.chain == ("96119", "12331", "12315")
        assert [step for step in story(decided.steps) if step.startswith("say")] == [
            "say merged-recorded: merged",
            "say expert-away: fallback",
        ]

    def test_a_number_merged_into_a_center_rings_the_center_after_one_notice(self) -> None:
        merged = registry([*LINES, line("12300", Mode.MERGED, 20, into="12366")])
        assert story(plan(merged, "12300", CALLER, TUESDAY_MORNING, ALL_HERE).steps)[:2] == [
            "say merged-recorded: merged",
            "center 12366 by 07362123366 25s: subcenter",
        ]

    def test_a_number_merged_into_a_line_that_is_not_in_force_leads_to_the_hotline(self) -> None:
        ended = registry([*LINES, line("12300", Mode.MERGED, 20, into="12356")])
        decided = plan(ended, "12300", CALLER, TUESDAY_MORNING, ALL_HERE)
        assert decided.chain == ("12300", "12345")
        assert story(decided.steps) == ["menu main merged-recorded: merged", *TO_A_HUMAN]

    def test_a_circle_ends_at_the_hotline(self) -> None:
        circle = registry(
            [*LINES, line("12300", Mode.MERGED, 20, into="12301"), line("12301", Mode.MERGED, 21, into="12300")]
        )
        assert plan(circle, "12300", CALLER, TUESDAY_MORNING, ALL_HERE).chain == ("12300", "12301", "12345")


class TestDual:
    def test_without_an_expert_straight_to_the_agents(self) -> None:
        assert story(decide("12369").steps) == [
            "say dual-recorded: dual",
            "agents general: dual",
            "message: fallback",
        ]

    def test_the_expert_is_rung_first_then_an_agent_with_the_mark_needs_expert(self) -> None:
        assert story(decide("12315").steps) == [
            "say dual-recorded: dual",
            "expert expert-12315 20s: expert",
            "say expert-away: fallback",
            "agents general needs-expert: fallback",
            "message: fallback",
        ]

    @pytest.mark.parametrize(
        ("number", "live", "at", "reason"),
        [
            ("12315", here("general"), TUESDAY_MORNING, "expert-away"),
            ("12315", here("general", "expert-12333"), TUESDAY_MORNING, "expert-away"),  # another line's expert
            ("12315", here("general", busy=["expert-12315"]), TUESDAY_MORNING, "expert-busy"),
            ("12333", ALL_HERE, TUESDAY_NIGHT, "closed"),
            ("12333", ALL_HERE, datetime.combine(NEW_YEAR, TUESDAY_MORNING.timetz()), "closed"),
            ("12333", here("general"), TUESDAY_NIGHT, "closed"),
        ],
    )
    def test_an_absent_expert_is_neither_rung_nor_announced(
        self, number: str, live: Live, at: datetime, reason: str
    ) -> None:
        assert story(decide(number, live, at).steps)[1:] == [
            f"agents general needs-expert: {reason}",
            "message: fallback",
        ]

    def test_the_caller_waits_for_busy_agents(self) -> None:
        assert story(decide("12369", here(busy=["general"])).steps)[1:] == [
            "agents general: dual",
            "message: fallback",
        ]

    def test_if_only_the_expert_is_signed_in_the_expert_is_rung_and_a_message_follows(self) -> None:
        assert story(decide("12315", here("expert-12315")).steps)[1:] == [
            "expert expert-12315 20s: expert",
            "message: no-agent",
        ]

    def test_without_expert_and_agent_the_caller_leaves_a_message(self) -> None:
        assert story(decide("12315", here()).steps)[1:] == ["message: no-agent"]


class TestSubcenter:
    def test_the_center_first_then_an_agent(self) -> None:
        assert story(decide("12366").steps) == [
            "say center-connecting: subcenter",
            "center 12366 by 07362123366 25s: subcenter",
            "say center-away: fallback",
            "agents general: fallback",
            "message: fallback",
        ]

    def test_a_center_without_reach_is_dialled_by_its_own_number(self) -> None:
        assert story(decide("12329").steps)[1] == "center 12329 by 12329 25s: subcenter"

    def test_a_center_is_not_rung_outside_its_hours(self) -> None:
        assert story(decide("12329", at=TUESDAY_NIGHT).steps)[1:] == [
            "say center-away: closed",
            "agents general: fallback",
            "message: fallback",
        ]

    def test_the_center_is_rung_with_no_agent_signed_in(self) -> None:
        assert story(decide("12366", here()).steps)[1:] == [
            "center 12366 by 07362123366 25s: subcenter",
            "message: no-agent",
        ]


class TestCameBack:
    @pytest.mark.parametrize("number", ["12345", "12366", "12329", "2912345", "12369", "12356", "99999", "x"])
    def test_a_call_that_came_back_goes_to_the_agents_whatever_number_was_dialled(self, number: str) -> None:
        back = here("general", came_back=True)
        assert story(decide(number, back).steps) == ["agents general: came-back", "message: fallback"]

    def test_a_line_with_an_expert_is_still_marked(self) -> None:
        back = here("general", "expert-12315", came_back=True)
        assert story(decide("12331", back).steps)[0] == "agents general needs-expert: came-back"

    def test_without_signed_in_seats_the_caller_leaves_a_message(self) -> None:
        assert story(decide("12366", here(came_back=True)).steps) == ["message: no-agent"]


class TestGap:
    @pytest.mark.parametrize("dialled", ["99999", "0735-99999", "+8699999"])
    def test_a_caller_of_an_unregistered_number_hears_so_and_gets_the_hotline(self, dialled: str) -> None:
        decided = decide(dialled)
        assert story(decided.steps) == [
            "say unregistered: unregistered",
            "menu main opening: unregistered",
            *TO_A_HUMAN,
        ]
        assert (decided.gap, decided.entry, decided.line.number) == (True, None, "12345")
        assert (decided.dialled, decided.chain) == ("99999", ("99999", "12345"))

    def test_hostile_text_is_no_number_and_gets_the_hotline(self) -> None:
        decided = decide("12366&PJSIP/carrier")
        assert (decided.gap, decided.dialled, decided.chain) == (True, "", ("12345",))
        assert story(decided.steps)[0] == "say unregistered: unregistered"

    def test_a_number_past_its_last_day_is_a_gap_with_its_place(self) -> None:
        decided = decide("12356")
        assert decided.gap
        assert story(decided.steps)[:2] == ["say number-closed: not-in-force", "menu main opening: not-in-force"]
        assert str(decided.steps[0].place) == "t.yaml:14:5"

    def test_a_number_before_its_first_day_is_a_gap_that_is_not_yet_in_service(self) -> None:
        later = registry([*LINES, line("12300", Mode.MERGED, 20, valid_from=date(2025, 7, 1))])
        decided = plan(later, "12300", CALLER, TUESDAY_MORNING, ALL_HERE)
        assert story(decided.steps)[0] == "say number-not-yet: not-in-force"

    def test_dates_turn_at_the_citys_midnight(self) -> None:
        last = datetime(2024, 12, 31, 23, 59, tzinfo=CITY_TIME)
        first = datetime(2025, 1, 1, tzinfo=CITY_TIME)
        assert [decide("12356", at=at).gap for at in (last, first)] == [False, True]
        assert [decide("12356", at=at.astimezone(UTC)).gap for at in (last, first)] == [False, True]

    def test_of_a_number_that_ended_twice_the_later_entry_is_named(self) -> None:
        twice = registry(
            [*LINES, line("12356", Mode.DUAL, 20, valid_from=date(2025, 1, 1), valid_until=date(2025, 5, 31))]
        )
        steps = plan(twice, "12356", CALLER, TUESDAY_MORNING, ALL_HERE).steps
        assert str(steps[0].place) == "t.yaml:20:5"

    def test_a_number_may_come_back_in_another_mode(self) -> None:
        again = registry([*LINES, line("12356", Mode.DUAL, 20, valid_from=date(2025, 1, 1))])
        at = datetime(2025, 1, 1, tzinfo=CITY_TIME)
        assert story(plan(again, "12356", CALLER, at, ALL_HERE).steps)[0] == "say dual-recorded: dual"


class TestPlan:
    @pytest.mark.parametrize(
        ("caller", "shown"), [("+8613800000000", "+8613800000000"), ("anonymous", ""), ("1&System(x)", ""), ("", "")]
    )
    def test_the_caller_is_a_number_or_withheld(self, caller: str, shown: str) -> None:
        assert plan(registry(), "12345", caller, TUESDAY_MORNING, ALL_HERE).caller == shown

    def test_every_step_names_the_place_in_the_registry_that_causes_it(self) -> None:
        assert [str(step.place) for step in decide("12331").steps] == [
            "t.yaml:12:5",  # the notice, because 12331 is merged
            "t.yaml:15:5",  # the expert, because 12315 has an expert
            "t.yaml:15:5",
            "t.yaml:15:5",
            "t.yaml:31:3",  # the message, because of the limit of the general group
        ]

    def test_the_general_group_is_found_by_its_kind(self) -> None:
        reordered = registry(groups=reversed(GROUPS))
        assert story(plan(reordered, "12369", CALLER, TUESDAY_MORNING, ALL_HERE).steps)[1] == "agents general: dual"
