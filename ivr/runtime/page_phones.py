"""The phone in a seat's desk page: an account of its own beside the seat's phone."""

TEST_CALL_PHONE = "web-citizen"  # the account of test calls (试拨), in which a page calls like a citizen

_PREFIX = "web-"


def page_phone(seat: str) -> str:
    """Return the account's name: ``web-8001``."""
    return _PREFIX + seat


def seat_of_page_phone(phone: str) -> str:
    """Return the seat of an account's name; "" if the account is no page's."""
    return phone.removeprefix(_PREFIX) if phone.startswith(_PREFIX) else ""
