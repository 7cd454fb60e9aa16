"""``ivr speech missed`` as an admin types it, while the hotline is down."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from ivr.call_events.values import PartyKind, SpeechDecision
from ivr.call_events.vocabulary import ConsultStarted, SpeechHeard
from ivr.records.derive.call_record import CallRecord
from ivr.records.store import row_mapping
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.schema import CALL_FIELDS, CALLS, LEG_FIELDS, LEGS, UTTERANCE_FIELDS, UTTERANCES
from ivr.runtime.layout import Home
from testkit.hotline.running import run_ivr
from tests.records.written_call import CALLER, WrittenCall

Ivr = Callable[..., Result]
AGENT, CONSULT = "PJSIP/8001-00000001", "Local/12319@consult-00000002;2"


def keep(home: Home, record: CallRecord) -> None:
    database = Database(f"sqlite:///{home.call_database}")
    with database.begin() as connection:
        insert(connection, CALLS, [row_mapping.to_row(CALL_FIELDS, record)])
        for table, fields, values in (
            (UTTERANCES, UTTERANCE_FIELDS, record.utterances),
            (LEGS, LEG_FIELDS, record.legs),
        ):
            rows = [
                {"call_id": record.call_id, "position": position, **row_mapping.to_row(fields, value)}
                for position, value in enumerate(values)
            ]
            insert(connection, table, rows)
    database.close()


@pytest.fixture
def one_missed(recorded_home: Home) -> None:
    heard = SpeechHeard("main", "路灯坏了", 0.42, "whisper-base", 213, SpeechDecision.UNKNOWN, "", "")
    story = WrittenCall().notes(heard).wait(30).rings(AGENT).picks_up(AGENT).rings(CONSULT)
    story = story.notes(ConsultStarted("8001", "12319", PartyKind.LINE, "12319"), CONSULT).wait(5)
    keep(recorded_home, story.hangs_up(CONSULT).hangs_up(CALLER).ends().record())


def test_an_empty_list_is_one_clear_line(ivr: Ivr) -> None:
    result = ivr("speech", "missed")
    assert (result.exit_code, result.output) == (0, "all words of callers were understood\n")
    assert json.loads(ivr("speech", "missed", "--json").output) == []


@pytest.mark.usefixtures("one_missed")
def test_each_text_has_its_count_its_last_time_and_its_work_orders(ivr: Ivr) -> None:
    result = ivr("speech", "missed")
    assert result.exit_code == 0, result.output
    titles, row, count = result.output.splitlines()
    assert titles.split()[:4] == ["said", "times", "last", "menu"]
    assert row.split() == ["路灯坏了", "1", "01-01", "16:00:00", "main", "consulted", "12319", "×1"]
    assert count == "texts: 1"
    (text,) = json.loads(ivr("speech", "missed", "--json").output)
    assert (text["text"], text["count"], text["menus"]) == ("路灯坏了", 1, ["main"])
    assert text["made_of"] == [{"by": "consult", "number": "12319", "unit": None, "count": 1}]


@pytest.mark.usefixtures("one_missed")
@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--since", "2026-01-01"), 1),
        (("--since", "2026-01-02"), 0),
        (("--until", "2026-01-01"), 1),
        (("--until", "2025-12-31"), 0),
        (("--menu", "main"), 1),
        (("--menu", "other"), 0),
    ],
)
def test_the_options_select_texts(ivr: Ivr, options: tuple[str, ...], count: int) -> None:
    assert len(json.loads(ivr("speech", "missed", "--json", *options).output)) == count


@pytest.mark.usefixtures("one_missed")
def test_ivr_calls_shows_words_target_and_confidence(ivr: Ivr) -> None:
    shown = ivr("calls", "--day", "2026-01-01")
    assert " “路灯坏了”? 0.42 " in shown.output
    (call,) = json.loads(ivr("calls", "--day", "2026-01-01", "--json").output)
    assert [
        (utterance["text"], utterance["decision"], utterance["confidence"]) for utterance in call["utterances"]
    ] == [("路灯坏了", "unknown", 0.42)]


def test_without_a_hotline_the_error_is_one_line(tmp_path: Path) -> None:
    result = run_ivr("speech", "missed", "--home", str(tmp_path / "none"))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("no hotline runs in ")
