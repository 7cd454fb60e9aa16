"""The pace of a call: a caller who asks for slow prompts (慢速) also gets more time to answer."""

SLOW_FACTOR = 2


def patience(*, slow: bool) -> int:
    """Return the factor of every waiting time of a call."""
    return SLOW_FACTOR if slow else 1
