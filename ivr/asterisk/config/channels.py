"""Reads the output of Asterisk's console command `core show channels concise`. Pure."""

_REFUSED = "stopping"  # the dialplan's context for a new call while the hotline is being stopped
_CONTEXT = 1  # position of the context in a line: "PJSIP/carrier-00000001!stopping!s!2!…"


def calls_in_progress(listing: str) -> bool:
    """Return whether any channel belongs to a call that the hotline took."""
    fields = (line.split("!") for line in listing.splitlines())
    return any(len(field) > _CONTEXT and field[_CONTEXT] != _REFUSED for field in fields)
