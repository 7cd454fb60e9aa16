"""The shipped registry with short timers and many seats, so that calls of tests and trials are short."""

from typing import Any

from testkit.hotline.running import registry

QUICK = {"expert": 5, "center": 5, "seat": 5, "menu": 2, "message": 10, "rating": 0}  # seconds; 0: no citizen is asked
PATIENT = {**QUICK, "expert": 20, "center": 20, "seat": 20}  # if all phones answer, but many calls at once take time
GENERAL = [str(number) for number in range(8001, 8031)]


def quick_registry(**changes: Any) -> dict[str, Any]:
    """The shipped lines, with short timers and thirty general seats."""
    shipped = registry()
    special_seats = [seat for seat in shipped["seats"] if seat["number"] not in GENERAL]
    seats = [{"number": number, "name": f"话务座席{number}", "groups": ["general"]} for number in GENERAL]
    return {**shipped, "timers": QUICK, "seats": seats + special_seats, **changes}
