"""If a script dies, the next script goes on: it repeats no step, and keeps the caller's choice."""

import re
from dataclasses import replace
from datetime import datetime

import pytest

from ivr.call_events.values import Reason
from ivr.routing import decide, progress
from ivr.routing.calendar import CITY_TIME
from ivr.routing.caller_choice import KeyChoice, NeedsHelp, WantsAgent, WantsLine
from ivr.routing.plan import AskMenu, Live, Message, Plan, Step
from ivr.routing.progress import OfferName, Progress, from_text, steps_left, to_text
from tests.routing.registry import ALL_HERE, registry

REGISTRY = registry()
NOON = datetime(2026, 11, 23, 10, tzinfo=CITY_TIME)
ANSWERS = [
    KeyChoice("2"),
    KeyChoice(None),
    WantsLine("12333", "12333 社保, 热线 & 100%"),
    WantsAgent("“路灯”", Reason.NOT_UNDERSTOOD),
    NeedsHelp("119", sure=True),
    NeedsHelp("119", sure=False),
]


def plan(number: str) -> Plan:
    return decide.plan(REGISTRY, number, "13800000001", NOON, ALL_HERE)


def left(number: str, so_far: Progress) -> tuple[Step, ...]:
    return steps_left(REGISTRY, plan(number), so_far, ALL_HERE)


@pytest.mark.parametrize("notice_heard", [True, False])
@pytest.mark.parametrize("answer", ANSWERS)
def test_progress_survives_the_channel_unchanged(answer: progress.SpokenChoice | KeyChoice, notice_heard: bool) -> None:
    so_far = Progress().answered("main", answer, notice_heard=notice_heard)
    menu = REGISTRY.menus["main"]
    so_far = so_far.start_step(
        decide.after_answer(REGISTRY, plan("12345"), menu, answer, ALL_HERE, notice_heard=notice_heard)[0]
    )
    end = "ANSWER" if so_far.last_offer else ""
    assert from_text(f"{to_text(so_far)}&end=ANSWER") == replace(so_far, offer_end=end)  # so the dialplan has it
    assert re.fullmatch(r"[A-Za-z0-9_.~%=&+-]+", to_text(so_far)), (
        "the text has no comma, quote, bracket, $ or semicolon"
    )


def test_slow_prompts_and_own_words_stay_with_the_call() -> None:
    menu = replace(plan("12345").steps[0], slow=True)
    so_far = Progress().start_step(menu).answered("main", KeyChoice("2"), notice_heard=True, said="“企业”, 100% & $?")
    steps = decide.after_answer(
        REGISTRY, plan("12345"), REGISTRY.menus["main"], KeyChoice("2"), ALL_HERE, notice_heard=True
    )
    so_far = so_far.start_step(steps[0])
    assert (so_far.slow, so_far.said) == (True, "“企业”, 100% & $?")
    assert from_text(to_text(so_far)) == so_far
    assert re.fullmatch(r"[A-Za-z0-9_.~%=&+-]+", to_text(so_far))


@pytest.mark.parametrize("text", ["", "&end=none", "why=x&topic=", "line=1", "begun", "%%%", "menu=main"])
def test_an_empty_or_malformed_progress_counts_as_the_beginning(text: str) -> None:
    assert not from_text(text).started_steps
    assert from_text(text).answer is None


@pytest.mark.parametrize("number", [line.number for line in REGISTRY.lines] + ["99999"])
def test_a_call_goes_on_after_any_step_and_ends_with_a_message(number: str) -> None:
    so_far, steps = Progress(), plan(number).steps
    assert left(number, so_far) == steps
    for position, step in enumerate(steps):
        so_far = so_far.start_step(step)
        if isinstance(step, AskMenu):
            return  # because another test covers the following steps
        assert left(number, so_far) == (steps[position + 1 :] or steps[-1:])
    assert isinstance(left(number, so_far)[-1], Message)


def test_a_menu_is_played_again_without_its_opening() -> None:
    menu = plan("12345").steps[0]
    assert isinstance(menu, AskMenu)
    assert menu.opening
    (again, *_rest) = left("12345", Progress().start_step(menu))
    assert isinstance(again, AskMenu)
    assert (again.menu, again.opening) == (menu.menu, ())


@pytest.mark.parametrize("notice_heard", [True, False])
@pytest.mark.parametrize("answer", ANSWERS)
def test_a_choice_is_not_asked_for_again(answer: progress.SpokenChoice | KeyChoice, notice_heard: bool) -> None:
    so_far = Progress().start_step(plan("12345").steps[0]).answered("main", answer, notice_heard=notice_heard)
    menu = REGISTRY.menus["main"]
    assert left("12345", so_far) == decide.after_answer(
        REGISTRY, plan("12345"), menu, answer, ALL_HERE, notice_heard=notice_heard
    )


def test_an_offer_that_did_not_ring_yet_is_made() -> None:
    steps = plan("12366").steps
    notice, offer = steps[:2]
    text = to_text(Progress().start_step(notice).start_step(offer))
    assert left("12366", from_text(text + "&end=none")) == steps[1:]
    tried = from_text(text + "&end=BUSY")
    assert (tried.last_offer, tried.offer_end) == (OfferName.CENTER, "BUSY")
    assert Progress().start_step(notice).last_offer is None
    assert left("12366", tried) == steps[2:]


def test_a_call_goes_on_after_its_last_offer_even_if_seats_signed_in_meanwhile() -> None:
    """The expert was absent, the caller waited for the agents in vain, and the expert has signed in again."""
    away = Live(frozenset({"general"}), frozenset({"general"}))
    so_far = Progress()
    for step in decide.plan(REGISTRY, "12333", "13800000001", NOON, away).steps[:-1]:
        so_far = so_far.start_step(step)
    assert so_far.last_offer is OfferName.AGENTS
    (message,) = left("12333", from_text(to_text(so_far) + "&end=KEY"))
    assert isinstance(message, Message)


def test_a_call_goes_on_after_an_expert_who_did_not_answer_and_signed_out() -> None:
    notice, recorded, offer, *behind = plan("12333").steps
    so_far = Progress().start_step(notice).start_step(recorded).start_step(offer)
    nobody = Live(frozenset({"general"}), frozenset({"general"}))
    again = decide.plan(REGISTRY, "12333", "13800000001", NOON, progress.live_for_progress(REGISTRY, so_far, nobody))
    assert list(steps_left(REGISTRY, again, so_far, nobody)) == behind
