"""Decides whether a seat may be signed in at a phone (签入), for the feature code and for the desk. Pure."""

from enum import StrEnum


class SignIn(StrEnum):
    """The result of a sign-in."""

    DONE = "done"
    ELSEWHERE = "elsewhere"  # the seat is signed in at another phone
    PHONE_TAKEN = "phone-taken"  # another seat is signed in at the phone


def sign_in(seat: str, phone: str, *, at: str | None, here: str | None) -> SignIn:
    """Return whether ``seat`` may be signed in at ``phone``.

    Args:
        seat: the number of the seat.
        phone: the number of the phone.
        at: the phone at which the seat is signed in now; None if it is signed out.
        here: the seat that is signed in at the phone now; None if no seat is.
    """
    if at is not None and at != phone:
        return SignIn.ELSEWHERE
    if here is not None and here != seat:
        return SignIn.PHONE_TAKEN
    return SignIn.DONE
