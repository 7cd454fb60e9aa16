"""A caller is late only if no recogniser works on this caller's utterance; a silent caller is never late."""

from ivr.speech.backlog import Backlog

QUIET, LOUD = bytes(320), b"\x00\x08" * 160


def backlog_of(*frames: bytes) -> Backlog:
    """Return a backlog that got one frame each second, from second 0 on."""
    backlog = Backlog()
    for second, frame in enumerate(frames):
        backlog.give(frame, float(second))
    return backlog


def test_a_silent_caller_is_never_late() -> None:
    assert not backlog_of(QUIET, QUIET, QUIET, QUIET, QUIET).is_late(10)


def test_an_utterance_is_late_from_its_end_on() -> None:
    backlog = backlog_of(QUIET, QUIET, QUIET, LOUD, QUIET)
    assert not backlog.is_late(5.4)
    assert backlog.is_late(5.6)


def test_an_utterance_in_work_is_not_late() -> None:
    backlog = backlog_of(LOUD, LOUD, QUIET, QUIET)
    backlog.finish(2 * len(LOUD))
    assert not backlog.is_late(10)


def test_an_utterance_that_is_being_read_is_late_if_that_takes_too_long() -> None:
    backlog = backlog_of(LOUD, LOUD, QUIET, QUIET)
    backlog.speaking = True
    backlog.finish(2 * len(LOUD))
    assert not backlog.is_late(4.4)
    assert backlog.is_late(4.6)


def test_sound_in_frames_of_any_length_is_accepted() -> None:
    assert not backlog_of(b"", b"\x01", b"\x00\x00\x01").is_late(10)
