"""AMI actions after the system clock was changed."""

from contextlib import suppress

from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.variables import Variable

_UNUSED_KEY = "D"  # on no telephone and in no context of the dialplan: it only wakes app_queue


async def look_again(ami: Ami) -> int:
    """Make Asterisk check the position of each queue caller at once; return how many callers wait.

    Asterisk checks once a second of the system clock. Without this it would stop for as long as the clock was set back.

    Raises:
        AmiError: Asterisk does not list the queue callers.
    """
    waiting = [event["Channel"] for event in await ami.listing("QueueStatus") if event.get("Event") == "QueueEntry"]
    for channel in waiting:
        with suppress(AmiError):  # the caller waits no longer
            await ami.action("PlayDTMF", Channel=channel, Digit=_UNUSED_KEY, Receive="true")
    return len(waiting)


async def move_registrations(ami: Ami, seconds: int) -> None:
    """Keep each registration valid for as long as before the clock was set.

    Args:
        ami: a connection that is up.
        seconds: by which the clock was set forward; negative if it was set back.

    Raises:
        AmiError: Asterisk does not take the action.
    """
    by = f"{Variable.CLOCK_STEP}={seconds}"
    await ami.action("Originate", Channel="Local/s@move-registrations/n", Application="NoOp", Variable=by, Async="true")
