"""The staff of queues at other nodes, as a call script reads it."""

from ivr.asterisk import staff_elsewhere


def test_the_staff_of_a_queue_elsewhere_is_read_as_written_and_other_text_is_ignored() -> None:
    staff = {"general": (True, False, True), "tax": (False, False, False)}
    assert staff_elsewhere.to_text(staff) == "general=101&tax=000"
    assert staff_elsewhere.from_text("general=101&tax=000") == {"general": ("1", "0", "1"), "tax": ("0", "0", "0")}
    assert staff_elsewhere.from_text("") == {}
    assert staff_elsewhere.from_text("general=1&tax&=101x&a=10x") == {}
