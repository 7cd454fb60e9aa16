"""Operations on a call between an agent and a citizen: consulted party, monitoring, and prompts for one party."""

from dataclasses import dataclass

from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.offers import DialEnd, seat_in_use
from ivr.asterisk.agi.seats import phone_of
from ivr.asterisk.variables import Variable


async def citizens_call(call: Call) -> str:
    """Return the id of the citizen's call in which this agent's channel is; "" if it is in none."""
    return await call.get(f"SHARED({Variable.CALL})")


async def serving_channel(call: Call, seat: str) -> tuple[str, str] | None:
    """Return the channel by which a seat serves a citizen now, and the id of the citizen's call."""
    phone = f"PJSIP/{await phone_of(call, seat)}-"
    for channel in (await call.get(f"CHANNELS({phone})")).split():  # matches anywhere in a name
        if channel.startswith(phone) and (citizens_call := await call.get(f"SHARED({Variable.CALL},{channel})")):
            return channel, citizens_call
    return None


@dataclass(frozen=True, slots=True)
class OtherLine:
    """Another call of a phone that dials."""

    channel: str
    citizens_call: str  # id of the citizen's call in which the phone is; "" for none
    watches: bool  # the phone listens to another seat's call
    talks: bool  # the phone's channel is in a bridge


async def other_lines(call: Call, phone: str) -> list[OtherLine]:
    """Return the other calls of the phone that dials."""
    channel_prefix, lines = f"PJSIP/{phone}-", []
    for channel in (await call.get(f"CHANNELS({channel_prefix})")).split():  # matches anywhere in a name
        if channel.startswith(channel_prefix) and channel != call.channel:
            citizens_call, watched, talks = await call.get_all(
                f"SHARED({Variable.CALL},{channel})",
                f"IMPORT({channel},{Variable.WATCHED})",
                f"IMPORT({channel},BRIDGEPEER)",
            )
            lines.append(OtherLine(channel, citizens_call, bool(watched), bool(talks)))
    return lines


async def may_be_joined(call: Call, phone: str) -> bool:
    """Return whether the phone that dials could join this call to another call of it (REFER with Replaces)."""
    return any(line.talks or line.watches for line in await other_lines(call, phone))


async def consult_for(call: Call, line: OtherLine) -> None:
    """Let the dialplan's ``[second-line]`` consult for the citizen of another line."""
    citizen, dialled = await call.get_all(
        f"IMPORT({line.channel},{Variable.CITIZEN_CHANNEL})", f"IMPORT({line.channel},{Variable.LINE})"
    )
    await call.set_all(
        {
            f"__{Variable.CITIZEN_CHANNEL}": citizen,
            f"__{Variable.LINE}": dialled,
            f"__{Variable.CALL}": line.citizens_call,
            f"__{Variable.CONSULTER}": line.channel,
        }
    )


async def remember_consulted(call: Call, agent: str, number: str) -> None:
    """Note the consulted number on the agent's channel; ``[ring]`` will note the channel of the party there, too."""
    await call.set(f"SHARED({Variable.ASKED},{agent})", number)
    await call.set(f"__{Variable.CONSULTER}", agent)


async def last_consulted_number(call: Call) -> str:
    """Return the number that this agent consulted last in this call; "" without a consult."""
    return await call.get(f"SHARED({Variable.ASKED})")


async def is_ordered(call: Call, number: str) -> bool:
    """Return whether this agent has made a work order for that number in this call."""
    return bool(await call.get(f"SHARED({Variable.ORDERED}_{number})"))


async def mark_ordered(call: Call, number: str) -> None:
    """Note on the agent's channel that a work order for that number was made."""
    await call.set(f"SHARED({Variable.ORDERED}_{number})", "yes")


async def consulted_party(call: Call) -> str:
    """Return the channel of the party that this agent consulted last; "" if it has hung up, or without a consult."""
    channel = await call.get(f"SHARED({Variable.CONSULTED})")
    return channel if channel and await call.get(f"CHANNELS({channel})") else ""


async def hang_up(call: Call, channel: str) -> None:
    """Hang up a channel, such as the channel of `consulted_party`."""
    await call.run("SoftHangup", channel)


async def tell_everybody(call: Call, prompt: str) -> None:
    """Whisper a prompt of ``[announce]`` to each party of this channel's call. Does not wait for its end.

    No channel joins the bridge for it, because in a bridge of three Asterisk plays no music to a citizen on hold.
    """
    peers = await call.get("BRIDGEPEER")
    for channel in (call.channel, *filter(None, peers.split(","))):
        options = f"av(__{Variable.TOLD}={channel})"
        await call.run("Originate", f"Local/{prompt}@announce/n", "exten", "tell-party", "s", "1", "10", options)


async def watch(call: Call, *, channel: str, citizens_call: str, seat: str, watcher: str, role: str) -> None:
    """Set the variables of ``[watch]``: the watched channel, and the names for the call record."""
    for name, value in _watch_variables(channel, citizens_call, seat, watcher, role).items():
        await call.set(name, value)


async def ask_to_guide(call: Call, *, citizens_call: str, seat: str, expert: str) -> None:
    """Have ``[ring-guide]`` ring an expert for this agent. Does not wait; the agent hears the result by whispering.

    Args:
        call: the agent's channel.
        citizens_call: id of the citizen's call.
        seat: seat of the agent.
        expert: seat of the expert.
    """
    variables = {
        **_watch_variables(call.channel, citizens_call, seat, expert, "expert"),
        Variable.LINE: await call.get(Variable.LINE),
        Variable.CALL: citizens_call,
    }
    variable_texts = "^".join(f"__{name}={value}" for name, value in variables.items())
    await call.run(
        "Originate", "Local/s@ring-guide/n", "exten", "watch", "ready", "1", "10", f"aC(alaw)v({variable_texts})"
    )


async def ring_to_guide(call: Call, expert: str, seconds: int, *, shown: tuple[str, str]) -> DialEnd:
    """Ring an expert from ``[ring-guide]``. An expert who answers hears the keys, and then listens to the agent's call.

    Args:
        call: the channel in ``[ring-guide]``.
        expert: seat of the expert.
        seconds: the longest time of ringing.
        shown: number and name that the expert's phone shows.
    """
    if await seat_in_use(call, expert):
        return DialEnd.BUSY
    number, name = shown
    await call.set("CALLERID(num)", number)
    await call.set("CALLERID(name)", name)
    options = "giA(guide-keys)U(guide-answered)b(ring^guide^1)"
    await call.run("Dial", f"PJSIP/{await phone_of(call, expert)}", str(seconds), options)
    return DialEnd(await call.get("DIALSTATUS"))


def _watch_variables(channel: str, citizens_call: str, seat: str, watcher: str, role: str) -> dict[str, str]:
    return {
        Variable.WATCHED: channel,
        Variable.WATCH_CALL: citizens_call,
        Variable.WATCH_SEAT: seat,
        Variable.WATCH_BY: watcher,
        Variable.WATCH_ROLE: role,
    }
