"""The target of ``*2 NUMBER``: only registered targets, each reached by its own route."""

from datetime import date

import pytest

from ivr.registry.model import Mode, Registry
from ivr.routing.consult import Party, PartyKind, Refusal, Via, consult, strays, targets
from tests.routing.registry import LINES, line, registry

TODAY = date(2025, 6, 3)


def ask(dialled: str, seat: str = "8000", whole: Registry | None = None, on: date = TODAY) -> Party | Refusal:
    return consult(whole or registry(), dialled, seat, on)


# Seats of the small registry: 8000 enterprise, 8001 general, 8002 and 8003 experts.
@pytest.mark.parametrize(
    ("dialled", "kind", "via", "reach"),
    [
        ("12366", PartyKind.CENTER, Via.CARRIER, "07362123366"),  # by the number of its `reach`
        ("12329", PartyKind.CENTER, Via.CARRIER, "12329"),  # by its own number, outside its hours, too
        ("110", PartyKind.LINKAGE, Via.CARRIER, "110"),
        ("8001", PartyKind.SEAT, Via.SEAT, "8001"),
        ("8002", PartyKind.EXPERT, Via.SEAT, "8002"),
        ("12315", PartyKind.EXPERT, Via.GROUP, "expert-12315"),
        ("12331", PartyKind.EXPERT, Via.GROUP, "expert-12315"),  # merged, so the chain is followed
        ("12369", PartyKind.LINE, Via.GROUP, "general"),
        ("12345", PartyKind.LINE, Via.GROUP, "general"),
        ("2912345", PartyKind.LINE, Via.GROUP, "general"),
        ("12336", PartyKind.LINE, Via.GROUP, "general"),
    ],
)
def test_a_registered_number_leads_to_its_target(dialled: str, kind: PartyKind, via: Via, reach: str) -> None:
    assert ask(dialled) == Party(dialled, kind, via, reach)


@pytest.mark.parametrize(
    "dialled",
    ["", "1", "99999", "13800000000", "073512366", "+8612366", "07362123366", "12366 ", "１２３６６", "general",
     "12366@carrier", "PJSIP/8001", "8001&8002", "12356"],
)  # fmt: skip
def test_other_spellings_of_a_registered_number_are_refused(dialled: str) -> None:
    """07362123366 is the `reach` of a center, and no number of the registry; 12356 is no longer in force."""
    assert ask(dialled) is Refusal.UNKNOWN


def test_the_agents_own_seat_is_refused() -> None:
    assert ask("8001", seat="8001") is Refusal.SELF
    assert ask("8000", seat="8001") == Party("8000", PartyKind.SEAT, Via.SEAT, "8000")


def test_a_number_counts_on_the_days_of_its_entry() -> None:
    assert ask("12356", on=date(2024, 12, 31)) == Party("12356", PartyKind.LINE, Via.GROUP, "general")
    assert ask("12356", on=date(2025, 1, 1)) is Refusal.UNKNOWN


def test_a_chain_into_a_center_reaches_the_center() -> None:
    longer = registry([*LINES, line("12300", Mode.MERGED, 20, into="12301"),
                       line("12301", Mode.MERGED, 21, into="12366")])  # fmt: skip
    assert ask("12300", whole=longer) == Party("12300", PartyKind.CENTER, Via.CARRIER, "07362123366")


def test_a_circle_and_a_chain_without_an_end_lead_to_a_colleague() -> None:
    broken = registry(
        [
            *LINES,
            line("12300", Mode.MERGED, 20, into="12301"),
            line("12301", Mode.MERGED, 21, into="12300"),
            line("12302", Mode.MERGED, 22, into="12356"),
        ]
    )
    for number in ("12300", "12302"):
        assert ask(number, whole=broken) == Party(number, PartyKind.LINE, Via.GROUP, "general")


def test_the_list_of_targets_has_each_number_that_can_be_dialled_once(chenzhou: Registry) -> None:
    numbers = targets(chenzhou)
    assert len(numbers) == len(set(numbers)) == 45 + 7 + 9
    for number in numbers:
        assert isinstance(consult(chenzhou, number, "0000", TODAY), Party), number


def test_a_number_without_a_target_is_refused_at_its_first_wrong_digit() -> None:
    refused_beginnings = strays({"110", "12313", "8001"})
    assert {"0", "13", "122", "81"} <= set(refused_beginnings)
    assert not {"1", "12", "110", "1103", "12313"} & set(refused_beginnings), (
        "a number is complete, a beginning is open, and more digits are refused"
    )
