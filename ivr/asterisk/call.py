"""What a call script can do with a call, in the field's words. Knows AGI's syntax and nothing of the city's rules."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from ivr.asterisk.clock import SET, ahead
from ivr.asterisk.reply import GarbledError, Reply
from ivr.texts import _

_PROMPT = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)*")
_KEYS = re.compile(r"[0-9*#]*")
_EXPRESSION = re.compile(r"[A-Za-z0-9_(),/@:.*-]+")  # no $, so nothing is evaluated but what the script wrote
_VARIABLE = re.compile(r"_{0,2}[A-Za-z][A-Za-z0-9_]*(?:\([A-Za-z0-9_,/-]*\))?")
_PLAIN = re.compile(r"[\w .~%=&+*#@-]*")  # a value that MSet takes as it is
_APPLICATION = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_SETTING = re.compile(r"[a-z-]+")
_NOTE_NAME = re.compile(r"[A-Z_]+")
_NOTE_EXTRA = re.compile(r"[A-Za-z0-9_.~%=&+-]*")
_RECORDING = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9][A-Za-z0-9_-]*)*")
PAST_END = 10**9  # samples: no prompt is so long, so nothing of it is played
_LONGEST = 2000  # bytes; Asterisk reads a command into 2048
_TOGETHER = 1500  # ... of expressions that are asked for in one

_QUICK = 10.0  # seconds until Asterisk must have answered a command that does not wait for a person
_PROMPT_LIMIT = 300.0  # ... and one that plays a prompt


class HungUp(Exception):
    """The caller is gone, or Asterisk has closed the session."""


class AgiError(Exception):
    """A command that could not be carried out; names the call and the command."""


class Transport(Protocol):
    """How commands reach Asterisk: FastAGI, or a process of its own."""

    @property
    def hung_up(self) -> bool:
        """Whether Asterisk has reported that the caller is gone."""

    async def send(self, command: str) -> Reply:
        """Send one line and wait for its reply.

        Raises:
            GarbledError: what came back is no reply.
            EOFError, OSError: the connection is gone.
        """


class Call:
    """One call, as its script sees it.

    `play`, `ask`, `run` and `answer` raise `HungUp` once the caller is gone. `get`, `set` and `note` go on
    working as long as Asterisk listens, so a script may still take note of how the call ended.
    """

    def __init__(self, headers: Mapping[str, str], transport: Transport) -> None:
        """Take the session's headers (``agi_…``, as `ivr.asterisk.headers` checks them) and its transport."""
        self.id = headers["agi_uniqueid"]
        self.channel = headers["agi_channel"]
        self.context = headers["agi_context"]
        self.caller = headers.get("agi_callerid", "")  # raw, "unknown" where withheld
        self.caller_name = headers.get("agi_calleridname", "")
        arguments: list[str] = []
        while (argument := headers.get(f"agi_arg_{len(arguments) + 1}")) is not None:
            arguments.append(argument)
        self.args = tuple(arguments)
        self.dialled = self.args[0] if self.args else headers["agi_extension"]  # raw
        self._transport = transport
        self._hung_up = False
        self._broken = False

    @property
    def is_up(self) -> bool:
        """Whether the caller was still there at the last reply."""
        return not (self._hung_up or self._transport.hung_up or self._broken)

    async def answer(self) -> None:
        """Answer the call."""
        await self._live("ANSWER")

    async def play(self, *prompts: str) -> None:
        """Play prompts, in order; keys do not interrupt, and keys pressed meanwhile are lost."""
        for prompt in prompts:
            await self.stream(prompt, "")

    async def stream(self, prompt: str, keys: str) -> str:
        """Play a prompt, which one of ``keys`` interrupts; return that key, "" where it was played to its end."""
        if not (_PROMPT.fullmatch(prompt) and _KEYS.fullmatch(keys)):
            raise self._refused("STREAM FILE", f"{prompt} {keys}")
        reply = await self._live(f'STREAM FILE {prompt} "{keys}"', deadline=_PROMPT_LIMIT)
        return chr(reply.result) if reply.result else ""

    async def ask(self, prompts: Sequence[str], keys: str, seconds: float) -> str:
        """Play prompts, which one of ``keys`` interrupts, then wait ``seconds`` for any key.

        Returns:
            The key, "" for silence. A key pressed in the wait is returned whether it is in ``keys`` or not.
        """
        for prompt in prompts:
            if key := await self.stream(prompt, keys):
                return key
        reply = await self._live(f"WAIT FOR DIGIT {int(seconds * 1000)}", deadline=_QUICK + seconds)
        return chr(reply.result) if reply.result else ""

    async def get(self, expression: str) -> str:
        """Return a variable or function value, ``QUEUESTATUS`` or ``CALLERID(num)``; "" where unset."""
        if not _EXPRESSION.fullmatch(expression):
            raise self._refused("GET FULL VARIABLE", expression)
        return (await self._send(f"GET FULL VARIABLE ${{{expression}}}")).data

    async def get_all(self, *expressions: str) -> list[str]:
        """Return several values, each as `get` would, in as few commands as hold them.

        Only the last may be from outside: none of the others may have a ``|`` in it.
        """
        values: list[str] = []
        for together in _batches(expressions):
            if not all(map(_EXPRESSION.fullmatch, together)):
                raise self._refused("GET FULL VARIABLE", " ".join(together))
            command = f"GET FULL VARIABLE {'|'.join(f'${{{one}}}' for one in together)}"
            got = (await self._send(command)).data.split("|", len(together) - 1)
            if len(got) != len(together):
                raise self._failed(command, _("it failed"))
            values += got
        return values

    async def set(self, name: str, value: str) -> None:
        """Set a channel variable or a writable function; ``__NAME`` is inherited by the channels it calls."""
        if not _VARIABLE.fullmatch(name):
            raise self._refused("SET VARIABLE", name)
        await self._send(f"SET VARIABLE {name} {self._quoted('SET VARIABLE', value)}")

    async def set_all(self, values: Mapping[str, str]) -> None:
        """Set several variables, each as `set` would, the plain ones of them in one command."""
        plain = [f"{name}={value}" for name, value in values.items() if _PLAIN.fullmatch(value)]
        if not all(map(_VARIABLE.fullmatch, values)):
            raise self._refused("EXEC MSet", " ".join(values))
        for name, value in values.items():
            if not _PLAIN.fullmatch(value):
                await self.set(name, value)
        if plain:
            command = f'EXEC MSet "{",".join(plain)}"'
            if (await self._send(command)).result < 0:
                raise self._failed(command, _("it failed"))

    async def run(self, application: str, *arguments: str) -> None:
        """Run a dialplan application, however long it takes; it ends when the caller hangs up.

        An argument may hold commas only within parentheses, and no quotes, backslashes or ``$``. After a served call
        Queue needs the option ``c``, and Dial ``g``, to leave the caller to the script; without it this is a failure.

        Raises:
            HungUp: the caller was gone, or went while it ran.
            AgiError: there is no such application, or it failed.
        """
        if not _APPLICATION.fullmatch(application) or not all(map(_is_one_argument, arguments)):
            raise self._refused(f"EXEC {application}", ",".join(arguments))
        if not self.is_up:
            raise HungUp(self.id)
        command = f"EXEC {application}"
        if arguments:
            command += " " + self._quoted(command, ",".join(arguments))
        reply = await self._live(command, deadline=None)
        if reply.result == -2:
            raise self._failed(command, _("Asterisk has no such application"))
        if self._transport.hung_up:
            raise HungUp(self.id)

    async def gosub(self, context: str, *arguments: str) -> None:
        """Run a context of the dialplan, at ``s``, until it returns; arguments as in `run`."""
        if not _APPLICATION.fullmatch(context) or not all(map(_is_one_argument, arguments)):
            raise self._refused(f"GOSUB {context}", ",".join(arguments))
        command = f"GOSUB {context} s 1"
        await self._live(f"{command} {self._quoted(command, ','.join(arguments))}")

    async def record(self, name: str, seconds: int, ends: str = "#", silence: int = 10) -> float:
        """Beep, then record a message until a key, silence, ``seconds`` or the caller's hang-up.

        It goes to ``name``, without suffix, among Asterisk's sounds, wherever those lie.
        A caller who has spoken and hangs up has left a message, so this does not raise `HungUp`; `is_up` tells.

        Returns:
            Seconds recorded.
        """
        if not _RECORDING.fullmatch(name) or not _KEYS.fullmatch(ends):
            raise self._refused("RECORD FILE", f"{name} {ends}")
        if not self.is_up:
            raise HungUp(self.id)
        command, begun = f'RECORD FILE {name} wav "{ends}"', ahead()
        reply = await self._record(f"{command} {seconds * 1000} BEEP s={silence}", seconds)
        left = seconds - reply.endpos // 8000
        if reply.data == "timeout" and ahead() > begun + SET and left > 0:  # set forward, Asterisk takes it for over
            reply = await self._record(f"{command} {left * 1000} {reply.endpos} s={silence}", left)
        return reply.endpos / 8000

    async def speech_create(self, engine: str) -> bool:
        """Open a speech session with an engine of aeap.conf; False where it has no room, or does not answer."""
        if not _SETTING.fullmatch(engine):
            raise self._refused("SPEECH CREATE", engine)
        return (await self._live(f"SPEECH CREATE {engine}")).result == 1

    async def speech_set(self, name: str, value: str) -> None:
        """Tell the speech engine a setting; whether it likes it cannot be learnt."""
        if not _SETTING.fullmatch(name):
            raise self._refused("SPEECH SET", name)
        await self._send(f"SPEECH SET {name} {self._quoted('SPEECH SET', value)}")

    async def speech_recognize(self, prompt: str, seconds: int, offset: int = 0) -> Reply:
        """Play a prompt from ``offset`` (samples), listening to speech and keys, and wait ``seconds`` after its end.

        The prompt ends when the caller is understood, or presses a key.

        Returns:
            A reply whose ``data`` is "speech", "digit" or "timeout", and ``text`` the results or the key; its
            ``result`` is 0 where nothing could be listened to.
        """
        if not _PROMPT.fullmatch(prompt):
            raise self._refused("SPEECH RECOGNIZE", prompt)
        command = f"SPEECH RECOGNIZE {prompt} {seconds} {offset}"
        reply = await self._live(command, deadline=_PROMPT_LIMIT + seconds)
        if reply.data == "hangup":
            raise self._gone()
        if (
            reply.data in ("speech", "digit") and not offset
        ):  # Asterisk lets the prompt run on, unless another takes its place
            await self._live(f'STREAM FILE {prompt} "" {PAST_END}')
        return reply

    async def speech_destroy(self) -> None:
        """Close the speech session; Asterisk closes it too when the script ends."""
        await self._send("SPEECH DESTROY")

    async def note(self, name: str, extra: str = "") -> None:
        """Write an event of our own into the call's record (CEL), ``extra`` being percent-encoded by the caller."""
        if not (_NOTE_NAME.fullmatch(name) and _NOTE_EXTRA.fullmatch(extra)):
            raise self._refused("EXEC CELGenUserEvent", f"{name},{extra}")
        command = f'EXEC CELGenUserEvent "{name},{extra}"'
        if (await self._send(command)).result < 0:
            raise self._failed(command, _("Asterisk could not write it"))

    async def _record(self, command: str, seconds: int) -> Reply:
        reply = await self._send(command, deadline=_QUICK + seconds)
        if reply.code == 511:
            raise self._gone()
        if reply.data == "hangup":
            self._hung_up = True
        elif reply.result == -1:
            raise await self._why_not(command, reply)
        return reply

    async def _live(self, command: str, deadline: float | None = _QUICK) -> Reply:
        """Send a command that needs the caller."""
        if not self.is_up:
            raise HungUp(self.id)
        reply = await self._send(command, deadline)
        if reply.code == 511:  # not permitted on a dead channel
            raise self._gone()
        if reply.result == -1:
            raise await self._why_not(command, reply)
        return reply

    async def _why_not(self, command: str, reply: Reply) -> Exception:
        """Tell a caller who is gone from a command that failed: both are -1."""
        status = await self._send("CHANNEL STATUS")
        if self._transport.hung_up or status.code == 511 or status.result == -1:
            return self._gone()
        return self._failed(command, reply.data or _("it failed"))

    async def _send(self, command: str, deadline: float | None = _QUICK) -> Reply:
        """Send a command and return its reply, which is 200 or 511."""
        if self._broken:
            raise self._failed(command, _("the connection to Asterisk is no longer usable"))
        if len(command.encode()) > _LONGEST:
            raise self._refused(command[:40], command)
        try:
            async with asyncio.timeout(deadline):
                reply = await self._transport.send(command)
        except TimeoutError:
            self._broken = True  # the reply may still come, and would answer another command
            raise self._failed(command, _("no answer within {seconds:g} s").format(seconds=deadline)) from None
        except (EOFError, OSError):
            self._broken = True
            raise HungUp(self.id) from None
        except GarbledError as garbled:
            self._broken = True
            raise self._failed(command, str(garbled)) from None
        if reply.code not in (200, 511):
            raise self._failed(command, reply.text)
        return reply

    def _quoted(self, command: str, value: str) -> str:
        """Quote one AGI argument; the only place where text from outside enters a command."""
        try:
            value.encode()
        except UnicodeEncodeError:
            raise self._refused(command, value) from None
        if not _is_plain(value):
            raise self._refused(command, value)
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def _gone(self) -> HungUp:
        self._hung_up = True
        return HungUp(self.id)

    def _failed(self, command: str, why: str) -> AgiError:
        return AgiError(_("call {id}: {command}: {why}").format(id=self.id, command=command[:200], why=why))

    def _refused(self, command: str, value: str) -> AgiError:
        text = _("call {id}: {command}: refused to send {value}")
        return AgiError(text.format(id=self.id, command=command, value=ascii(value[:80])))


def _batches(expressions: Sequence[str]) -> Iterator[list[str]]:
    """Yield expressions in order, as many at a time as one command holds."""
    together: list[str] = []
    for expression in expressions:
        if together and sum(map(len, together)) + len(expression) + 4 * len(together) > _TOGETHER:
            yield together
            together = []
        together.append(expression)
    if together:
        yield together


def _is_plain(value: str) -> bool:
    """Whether a value has no control character: CR and LF begin a second command, NUL cuts this one short."""
    return not any(ord(character) < 32 for character in value)


def _is_one_argument(value: str) -> bool:
    """Whether Asterisk will take it as one argument of an application."""
    depth = 0
    for character in value:
        if character in '"\\$' or (character == "," and not depth):
            return False
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return not depth
