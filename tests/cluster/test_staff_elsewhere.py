"""What a call script reads of the seats of another node."""

from ivr.asterisk import staff_elsewhere


def test_the_staff_of_a_far_queue_is_read_as_it_was_written_and_nothing_else_is() -> None:
    staff = {"general": (True, False, True), "tax": (False, False, False)}
    assert staff_elsewhere.to_text(staff) == "general=101&tax=000"
    assert staff_elsewhere.from_text("general=101&tax=000") == {"general": ("1", "0", "1"), "tax": ("0", "0", "0")}
    assert staff_elsewhere.from_text("") == {}
    assert staff_elsewhere.from_text("general=1&tax&=101x&a=10x") == {}
