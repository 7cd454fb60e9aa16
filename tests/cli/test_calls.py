"""``ivr calls``: its selection of calls, and its words. The calls are those of tests/records/logs."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from testkit.hotline.running import run_ivr

Ivr = Callable[..., Result]
CALLER = "13900001111"  # of every recorded call
ALL = 19


def listed_calls(ivr: Ivr, *options: str) -> list[dict[str, Any]]:
    result = ivr("calls", "--json", *options)
    assert result.exit_code == 0, result.output
    calls: list[dict[str, Any]] = json.loads(result.output)
    return calls


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--day", "2026-11-23"), ALL),
        (("--day", "2026-11-22"), 0),
        (("--since", "2026-11-23", "--until", "2026-11-23"), ALL),  # to the end of that day
        (("--until", "2026-11-23T01:00"), 0),
        (("--until", "2026-11-22"), 0),
        (("--caller", CALLER), ALL),
        (("--caller", "1111"), ALL),
        (("--caller", "139****1111"), 0),
        (("--caller", "withheld"), 0),
        (("--number", "12366"), 3),
    ],
)
def test_the_options_select_calls_by_time_caller_and_number(ivr: Ivr, options: tuple[str, ...], count: int) -> None:
    assert len(listed_calls(ivr, *options)) == count


def test_the_option_outcome_selects_calls(ivr: Ivr) -> None:
    all_calls = listed_calls(ivr)
    for outcome in {call["outcome"] for call in all_calls}:
        with_outcome = [call for call in all_calls if call["outcome"] == outcome]
        assert listed_calls(ivr, "--outcome", outcome) == with_outcome
    assert len({call["outcome"] for call in all_calls}) > 1


def test_the_option_seat_selects_calls_that_the_seat_answered_or_was_consulted_in(ivr: Ivr) -> None:
    answered = [
        call["call_id"]
        for call in listed_calls(ivr)
        if any(leg["target"] == "8348" and leg["result"] == "answered" for leg in call["legs"])
    ]
    assert answered
    assert [call["call_id"] for call in listed_calls(ivr, "--seat", "8348")] == answered
    assert any(call["seat"] != "8348" for call in listed_calls(ivr, "--seat", "8348")), "an expert was consulted"


def test_the_option_id_selects_one_call(ivr: Ivr) -> None:
    fourth = listed_calls(ivr)[3]
    assert listed_calls(ivr, "--call", fourth["call_id"]) == [fourth]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--day", "22.11."), "'22.11.' is not a day; write 2026-11-22, today or yesterday"),
        (("--until", "later"), "'later' is no time; write 2026-11-22"),
        (("--day", "today", "--since", "2h"), "--day is a whole day: leave out --since and --until"),
    ],
    ids=["day", "until", "both"],
)
def test_a_wrong_time_is_an_error_of_one_line(ivr: Ivr, options: tuple[str, ...], reason: str) -> None:
    result = ivr("calls", *options)
    assert result.exit_code == 2
    assert reason in result.output


def test_a_chinese_admin_reads_chinese_words_and_no_codes(ivr: Ivr, recorded_home: Any) -> None:
    chinese = run_ivr("calls", "--home", str(recorded_home.root), LANGUAGE="zh_CN")
    assert chinese.returncode == 0, chinese.stderr
    *table, count = chinese.stdout.splitlines()
    assert count == f"来电：{ALL}"
    codes = "answered|abandoned|dual|hotline|subcenter|expert-busy|expert-silent|general|consult|no-answer|silence"
    assert not re.search(rf"(?<![\w-])({codes})(?![\w-])", "\n".join(table))
    assert "双号并行" in chinese.stdout
    english = run_ivr("calls", "--home", str(recorded_home.root))
    assert " answered " in english.stdout, "an English admin reads the codes of the documents"
