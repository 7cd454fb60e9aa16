"""Decides whether a seat may be signed in at a phone (签入), for the feature code and for the desk. Pure."""

from enum import StrEnum


class SignIn(StrEnum):
    """The result of a sign-in."""

    DONE = "done"
    ELSEWHERE = "elsewhere"  # the seat is signed in at another phone
    PHONE_TAKEN = "phone-taken"  # another seat is signed in at the phone


def decide_sign_in(seat: str, phone: str, *, present_phone: str | None, seat_at_phone: str | None) -> SignIn:
    """Return whether ``seat`` may be signed in at ``phone``.

    Args:
        seat: the number of the seat.
        phone: the number of the phone.
        present_phone: the phone at which the seat is signed in now; None if it is signed out.
        seat_at_phone: the seat that is signed in at the phone now; None if no seat is.
    """
    if present_phone is not None and present_phone != phone:
        return SignIn.ELSEWHERE
    if seat_at_phone is not None and seat_at_phone != seat:
        return SignIn.PHONE_TAKEN
    return SignIn.DONE
