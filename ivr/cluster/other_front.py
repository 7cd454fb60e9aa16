"""Whether the front of the other machine can take the front's address. Pure but for the questions to both Kamailios."""

import re
import time

from ivr.cluster.front_config import PAIR_PORT, PHONES_HEADER
from ivr.runtime import sip_options
from ivr.texts import _

_SETTLED = 8.0  # seconds of answers, by which keepalived has made two checks, a second apart, also on a busy machine
_EVERY = 0.5  # seconds
_PHONES = re.compile(rf"^{PHONES_HEADER}: *(\d{{1,9}})\r$", re.MULTILINE | re.IGNORECASE)


class FrontNotReady(Exception):
    """The other machine cannot take the front's address; ``str()`` says why."""


def wait_for_other(machine: str, other: str, seconds: float) -> None:
    """Wait until the front of the machine ``other`` can take the address from that of ``machine``.

    Raises:
        FrontNotReady: it cannot within so many seconds.
    """
    deadline, answers_since = time.monotonic() + seconds, None
    while True:
        response = _response(other, machine)
        now = time.monotonic()
        answers_since = None if response is None else now if answers_since is None else answers_since
        answered_for = None if answers_since is None else now - answers_since
        reason = reason_to_wait(other, answered_for, phones_of(response), phones_of(_response(machine, machine)))
        if not reason:
            return
        if now > deadline:
            raise FrontNotReady(reason)
        time.sleep(_EVERY)


def reason_to_wait(machine: str, answered_for: float | None, phones: int | None, phones_here: int | None) -> str:
    """Return why the front of a machine should not get the address yet; "" if it can.

    Args:
        machine: its address.
        answered_for: seconds for which it has answered each question; None if it does not answer.
        phones: that it has registered; None if it does not say so, as a front of the version before.
        phones_here: that the front with the address has registered; None likewise.
    """
    if answered_for is None:
        return _("the front at {machine} does not answer at port {port}").format(machine=machine, port=PAIR_PORT)
    if answered_for < _SETTLED:
        text = _(
            "the front at {machine} has answered for {seconds:.0f} s only; keepalived counts on it after {settled:g} s"
        )
        return text.format(machine=machine, seconds=answered_for, settled=_SETTLED)
    if phones is not None and phones_here is not None and phones < phones_here:
        text = _("the front at {machine} knows {phones} of {all_phones} registered phones")
        return text.format(machine=machine, phones=phones, all_phones=phones_here)
    return ""


def phones_of(response: str | None) -> int | None:
    """Return the number of registered phones in a response to OPTIONS; None if the response does not say it."""
    found = _PHONES.search(response or "")
    return int(found[1]) if found else None


def _response(machine: str, source: str) -> str | None:
    try:
        return sip_options.response(machine, PAIR_PORT, source)
    except OSError:  # a machine that is off the network
        return None
