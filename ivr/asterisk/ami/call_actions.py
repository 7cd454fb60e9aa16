"""Acts on a call from outside its script: pressing keys for an agent, ringing a phone, hanging up a channel."""

from collections.abc import Mapping

from ivr.asterisk.ami.channel_listing import ChannelNow, channels_now
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.variables import Variable

_KEYS = frozenset("0123456789*#")


async def channels(ami: Ami) -> list[ChannelNow]:
    """Return the channels of all calls.

    Raises:
        AmiError: Asterisk does not answer; so do all functions of this module.
    """
    return channels_now(await ami.listing("CoreShowChannels"))


async def is_up(ami: Ami, channel: str) -> bool:
    """Return whether there is such a channel."""
    try:
        await ami.action("Getvar", Channel=channel, Variable="UNIQUEID")
    except AmiError as error:
        if "No such channel" in str(error):
            return False
        raise
    return True


async def packets_received(ami: Ami, channel: str) -> int | None:
    """Return how many RTP packets came from a channel's phone; None if the channel does not exist any more."""
    try:
        response = await ami.action("Getvar", Channel=channel, Variable="CHANNEL(rtcp,rxcount)")
    except AmiError as error:
        if "No such channel" in str(error):
            return None
        raise
    return int(response.get("Value") or 0)


async def press(ami: Ami, channel: str, keys: str) -> None:
    """Press keys in the name of a channel's phone: Asterisk handles them as if the agent had pressed them.

    Raises:
        ValueError: there is no such key.
    """
    await _play(ami, channel, keys, Receive="true")


async def script_of_keys(ami: Ami, channel: str) -> str:
    """Return the script of a feature code that runs on an agent's channel; "" if none runs, so that keys count."""
    return str((await ami.action("Getvar", Channel=channel, Variable=Variable.KEYS)).get("Value", ""))


async def send_keys(ami: Ami, channel: str, keys: str) -> None:
    """Send keys to the party of a channel.

    Raises:
        ValueError: there is no such key.
    """
    await _play(ami, channel, keys)


async def _play(ami: Ami, channel: str, keys: str, **receive: str) -> None:
    if not _KEYS.issuperset(keys):
        raise ValueError(f"no keys of a phone: {keys!r}")
    for key in keys:
        await ami.action("PlayDTMF", Channel=channel, Digit=key, **receive)


async def hang_up(ami: Ami, channel: str) -> None:
    """Hang up a channel."""
    await ami.action("Hangup", Channel=channel)


async def mark_for_queue_head(ami: Ami, citizen: str, mark: str) -> None:
    """Let a citizen's channel wait again at the head of the queue if the agent hangs up.

    ``mark`` is the time in seconds since 1970; "" takes it back.
    """
    await ami.action("Setvar", Channel=citizen, Variable=f"SHARED({Variable.CONSULT_PENDING})", Value=mark)


async def queue_head_mark(ami: Ami, citizen: str) -> str:
    """Return the mark of `mark_for_queue_head`, or the dialplan's own mark of a consult; "" without a mark."""
    response = await ami.action("Getvar", Channel=citizen, Variable=f"SHARED({Variable.CONSULT_PENDING})")
    return str(response.get("Value", ""))


async def note_lost_phone(ami: Ami, agent: str, seat: str) -> None:
    """Have the dialplan write, when an agent's channel hangs up, the call event that the seat's phone was lost."""
    variable, value = "CHANNEL(hangup_handler_push)", f"phone-lost,s,1({seat})"
    await ami.action("Setvar", Channel=agent, Variable=variable, Value=value)


async def sip_call_id(ami: Ami, channel: str) -> str:
    """Return the Call-ID of a PJSIP channel."""
    return str((await ami.action("Getvar", Channel=channel, Variable="CHANNEL(pjsip,call-id)")).get("Value", ""))


async def packet_counter(ami: Ami, channel: str) -> str:
    """Return the text of Asterisk's count of RTP packets that a PJSIP channel has received.

    It raises `AmiError` for a channel that does not exist; `packets_received` returns None.
    """
    return str((await ami.action("Getvar", Channel=channel, Variable="CHANNEL(rtcp,rxcount)")).get("Value", ""))


async def mark_phone_hold(ami: Ami, agent: str, mark: str) -> None:
    """Write the phone's hold onto an agent's channel: ``held`` or ``resumed``."""
    await ami.action("Setvar", Channel=agent, Variable=f"SHARED({Variable.PHONE_HOLDS})", Value=mark)


async def whisper(ami: Ami, channel: str, prompt: str) -> None:
    """Play a prompt that only the party of a channel hears. Does not wait for its end."""
    await ami.action(
        "Originate",
        Channel=f"Local/{prompt}@announce/n",
        Context="tell-party",
        Exten="s",
        Priority="1",
        Async="true",
        Variable=[f"__{Variable.TOLD}={channel}"],
    )


async def ring_then(
    ami: Ami, phone: str, context: str, shown: str, seconds: int, variables: Mapping[Variable, str]
) -> None:
    """Have a context of the dialplan ring a phone; an answered call goes on at its extension ``answered``.

    The context rings the phone by its own Dial, as `[callback]` does, because only such a Dial refuses redirections.
    """
    await ami.action(
        "Originate",
        Channel=f"Local/{phone}@{context}/n",
        Context=context,
        Exten="answered",
        Priority="1",
        Async="true",
        Timeout=str(seconds * 1000),
        CallerID=shown,
        Variable=[f"__{name}={value}" for name, value in variables.items()],
    )
