"""AMI actions after the system clock was changed."""

from contextlib import suppress

from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.variables import Variable

_NOBODYS_KEY = "D"  # no telephone has it, and no context of the dialplan: app_queue only looks up


async def look_again(ami: Ami) -> int:
    """Make Asterisk check the position of each queue caller at once; return how many callers wait. Asterisk checks
    once a second of the system clock, so that it would stop for as long as the clock was set back.

        Raises:
            AmiError: Asterisk does not say who waits.
    """
    waiting = [event["Channel"] for event in await ami.listing("QueueStatus") if event.get("Event") == "QueueEntry"]
    for channel in waiting:
        with suppress(AmiError):  # it waits no longer
            await ami.action("PlayDTMF", Channel=channel, Digit=_NOBODYS_KEY, Receive="true")
    return len(waiting)


async def move_registrations(ami: Ami, seconds: int) -> None:
    """Keep each registration valid for as long as before the clock was set.

    Args:
        ami: connected.
        seconds: by which it was set forward; negative: back.

    Raises:
        AmiError: Asterisk cannot be told.
    """
    by = f"{Variable.CLOCK_STEP}={seconds}"
    await ami.action("Originate", Channel="Local/s@move-registrations/n", Application="NoOp", Variable=by, Async="true")
