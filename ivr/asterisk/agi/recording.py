"""Recording a call (MixMonitor): both sides into one file, only while the caller is bridged with another party."""

from typing import TYPE_CHECKING

from ivr.asterisk.agi.call import Call
from ivr.asterisk.variables import Variable

if TYPE_CHECKING:  # a script that runs without the engine has no AMI, and must start quickly
    from ivr.asterisk.ami.manager import Ami

_YES = "yes"


async def start(call: Call, name: str) -> None:
    """Record into ``name``.wav in Asterisk's folder of recordings until the caller is gone.

    Args:
        call: the caller's channel.
        name: letters, digits and ``-``, never a caller's text.

    Raises:
        AgiError: Asterisk could not start the recording.
    """
    await call.run("MixMonitor", f"{name}.wav", "b")
    await call.set(f"__{Variable.RECORDED}", call.channel)


async def recorded_channel(call: Call) -> str:
    """Return the channel whose recording runs in this call; each phone in the call knows it; "" without a recording."""
    return await call.get(Variable.RECORDED)


async def pause_or_go_on(ami: "Ami", channel: str) -> bool:
    """Pause the recording of a channel, or resume it; the file is silent for the time of the pause.

    Returns:
        Whether the recording is paused now.

    Raises:
        AmiError: Asterisk refused; the recording goes on as before.
    """
    state = await ami.action("Getvar", Channel=channel, Variable=Variable.PAUSED)
    paused = state.get("Value") != _YES
    await ami.action("MixMonitorMute", Channel=channel, Direction="both", State="1" if paused else "0")
    await ami.action("Setvar", Channel=channel, Variable=Variable.PAUSED, Value=_YES if paused else "")
    return paused
