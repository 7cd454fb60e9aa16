"""Recording an agent's call (通话录音); ``*6`` pauses it, for instance while a citizen reads out an identity number."""

import logging

from agi_scripts.codes_meanwhile import tell
from agi_scripts.services import ScriptServices, recording_id
from ivr.asterisk.agi import recording
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.commands import AgiError
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import RecordingPaused, RecordingStarted
from ivr.texts import _

log = logging.getLogger(__name__)


async def start_recording(call: Call, services: ScriptServices) -> None:
    """Record a callback, once; a recording that cannot start does not end the call."""
    if await recording.recorded_channel(call) or not services.may_record():
        return
    name = recording_id(call.id)
    try:
        await recording.start(call, name)
    except AgiError as error:
        log.error(_("not recorded: %s"), error)
        return
    await call.note(*encode(RecordingStarted(f"{name}.wav")))


async def pause(call: Call, services: ScriptServices) -> None:
    """``*6`` in a call. One beep: the recording is paused. Two beeps: it is resumed. An error tone: nothing changed."""
    channel = await recording.recorded_channel(call)
    paused = await services.pause_recording(channel) if channel else None
    if paused is None:
        await tell(call, services, "beeperr")
        return
    await call.note(*encode(RecordingPaused(paused)))
    await tell(call, services, *(["beep"] if paused else ["beep", "beep"]))
