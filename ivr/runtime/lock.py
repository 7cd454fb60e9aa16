"""The lock that allows one hotline in one state folder."""

import fcntl
import os

from ivr.runtime.errors import HomeInUse
from ivr.runtime.layout import Home
from ivr.texts import _


def take(home: Home) -> None:
    """Lock ``home`` for this process until it ends for any reason.

    Raises:
        HomeInUse: another hotline runs there.
    """
    folder = os.open(home.root, os.O_RDONLY | os.O_DIRECTORY)  # never closed, because closing it would release the lock
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(folder)
        raise HomeInUse(
            _("a hotline runs in {home} already; stop it first, or name another folder with --home").format(
                home=home.root
            )
        ) from None
