"""People, sessions and the audit log on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from ivr.people import accounts, api_tokens, audit_log, desk_sessions
from ivr.people.accounts import AccountRefused
from ivr.people.audit_log import AuditFilter
from ivr.people.desk_sessions import SignInRefused
from ivr.people.rights import Act, Role
from ivr.records.store import agents_notes
from ivr.records.store.database import Database, DatabaseUnusable

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def test_a_person_signs_in_takes_a_seat_and_signs_out(database: Database) -> None:
    password = accounts.add_person(database, "wang", "王芳", [Role.AGENT], "8001", None, NOW)
    with pytest.raises(AccountRefused):
        accounts.add_person(database, "wang", "王芳", [Role.AGENT], None, None, NOW)
    assert desk_sessions.sign_in(database, "wang", "wrong", "", "10.0.0.1", NOW) is SignInRefused.WRONG
    signed_in = desk_sessions.sign_in(database, "WANG ", password, "", "10.0.0.1", NOW)
    assert isinstance(signed_in, tuple)
    cookie, session = signed_in
    assert (session.seat, session.person.must_change) == ("8001", True)
    assert desk_sessions.people_at_seats(database, NOW) == {"8001": "王芳"}
    session_later = desk_sessions.session_of(database, cookie, NOW + timedelta(minutes=59))
    assert session_later is not None
    assert desk_sessions.session_of(database, cookie, NOW + timedelta(minutes=118)) is not None, (
        "the session was used meanwhile"
    )
    assert desk_sessions.session_of(database, cookie, NOW + timedelta(hours=4)) is None
    assert [person.user for person in accounts.people(database)] == ["wang"]
    accounts.remove_person(database, "wang")
    assert accounts.people(database) == []


def test_the_audit_log_keeps_a_line(database: Database) -> None:
    audit_log.add_line(database, user="li", act=Act.UNMASK, about="1700.1", address="10.0.0.1", now=NOW)
    audit_log.add_line(database, user="wang", act=Act.UNMASK, about="1700.2", now=NOW + timedelta(minutes=1))
    for statement in ("DELETE FROM audit", "UPDATE audit SET about = ''"):
        with pytest.raises(DatabaseUnusable, match="only added to"), database.begin() as connection:
            connection.exec_driver_sql(statement)
    assert [line["about"] for line in audit_log.read_lines(database, AuditFilter(), 10)] == ["1700.2", "1700.1"]
    entries = audit_log.read_lines(database, AuditFilter(user="li", since=NOW, until=NOW + timedelta(seconds=1)), 10)
    assert [line["from"] for line in entries] == ["10.0.0.1"]


def test_a_token_is_invalid_after_its_end(database: Database) -> None:
    token = api_tokens.add_token(database, "crm", [Act.READ_CALLS], NOW + timedelta(days=1), NOW)
    api_token = api_tokens.token_of(database, token, NOW)
    assert api_token is not None
    assert api_token.scopes == (Act.READ_CALLS,)
    assert api_tokens.token_of(database, token, NOW + timedelta(days=2)) is None
    assert api_tokens.token_of(database, token + "x", NOW) is None


def test_if_two_agents_save_notes_at_once_no_note_is_lost(database: Database) -> None:
    assert agents_notes.save(database, "1700.1", "one", 0, "wang", NOW) == 1
    assert agents_notes.save(database, "1700.1", "two", 0, "li", NOW) is None
    agents_notes.save_beside_text(database, "1700.1", "li", NOW, result="已解答", checked=["one item"])
    assert agents_notes.save(database, "1700.1", "one, two", 1, "li", NOW) == 2, (
        "saving a result does not change the version of the text"
    )
    note = agents_notes.notes(database, ["1700.1"])["1700.1"]
    assert (note.text, note.result, note.checked) == ("one, two", "已解答", ("one item",))
    agents_notes.save_beside_text(database, "1700.2", "li", NOW, result="其他")
    assert agents_notes.save(database, "1700.2", "one", 0, "li", NOW) == 1, "a result can be saved before the text"
    assert agents_notes.settle(database, "W1", "called", "li", NOW)
    assert not agents_notes.settle(database, "W1", "called", "wang", NOW)
