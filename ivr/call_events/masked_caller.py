"""Masks a caller's number by the rights of the viewer. Pure."""

WHOLE_UP_TO = 6  # digits: the hotline's own numbers and seats


def masked(number: str) -> str:
    """Return a number with four digits hidden, 138****0001; a short number is no subscriber's and stays."""
    digits = number.lstrip("+")
    if len(digits) <= WHOLE_UP_TO:
        return number
    tail = 4 if len(digits) >= 10 else 1
    head = len(digits) - 4 - tail
    return number[: len(number) - len(digits)] + digits[:head] + "****" + digits[-tail:]
