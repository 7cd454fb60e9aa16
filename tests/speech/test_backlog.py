"""A caller is late only if no recogniser works on this caller's utterance; a silent caller is never late."""

from ivr.speech.backlog import Backlog

QUIET, LOUD = bytes(320), b"\x00\x08" * 160


def given(*frames: bytes) -> Backlog:
    """Give one frame each second, from second 0 on."""
    backlog = Backlog()
    for second, frame in enumerate(frames):
        backlog.give(frame, float(second))
    return backlog


def test_a_silent_caller_is_never_late() -> None:
    assert not given(QUIET, QUIET, QUIET, QUIET, QUIET).is_late(10)


def test_an_utterance_is_late_from_its_end_on() -> None:
    backlog = given(QUIET, QUIET, QUIET, LOUD, QUIET)
    assert not backlog.is_late(5.4)
    assert backlog.is_late(5.6)


def test_an_utterance_in_work_is_not_late() -> None:
    backlog = given(LOUD, LOUD, QUIET, QUIET)
    backlog.finish(2 * len(LOUD))
    assert not backlog.is_late(10)


def test_an_utterance_that_is_being_read_is_late_if_that_takes_too_long() -> None:
    backlog = given(LOUD, LOUD, QUIET, QUIET)
    backlog.speaking = True
    backlog.finish(2 * len(LOUD))
    assert not backlog.is_late(4.4)
    assert backlog.is_late(4.6)


def test_sound_in_odd_pieces_is_borne() -> None:
    assert not given(b"", b"\x01", b"\x00\x00\x01").is_late(10)
