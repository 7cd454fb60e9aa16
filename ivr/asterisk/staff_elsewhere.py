"""The staff of groups whose queue another node of a cluster has, as the text of `Variable.STAFF`. Pure.

Call scripts read the text from Asterisk, so that scripts of layer 2 know the staff, too, while the engine is down.
"""

from collections.abc import Mapping, Sequence

_FLAGS = {"0", "1"}


def to_text(staff: Mapping[str, Sequence[bool]]) -> str:
    """Return the text: for each group whether a seat is signed in and reachable, is free, is signed in at all."""
    return "&".join(f"{group}={''.join(str(int(flag)) for flag in flags)}" for group, flags in sorted(staff.items()))


def from_text(text: str) -> dict[str, tuple[str, ...]]:
    """Return the argument of `to_text`, each flag as "0" or "1"."""
    staff = {}
    for part in text.split("&"):
        group, sign, flags = part.partition("=")
        if sign and len(flags) == 3 and _FLAGS.issuperset(flags):
            staff[group] = tuple(flags)
    return staff
