"""The operations of a call script on its call. Knows AGI's syntax and nothing of the city's rules."""

import re
from collections.abc import Iterator, Mapping, Sequence

from ivr.asterisk.agi.commands import QUICK, Commands, HungUp, Transport
from ivr.asterisk.agi.reply import Reply
from ivr.asterisk.clock_variable import SMALLEST_STEP, system_clock_lead
from ivr.asterisk.steps import Subroutine
from ivr.asterisk.variables import Variable
from ivr.texts import _

_PROMPT = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)*")
_KEYS = re.compile(r"[0-9*#]*")
_EXPRESSION = re.compile(r"[A-Za-z0-9_(),/@:.*-]+")  # no $, so that Asterisk evaluates no text from outside
_VARIABLE = re.compile(r"_{0,2}[A-Za-z][A-Za-z0-9_]*(?:\([A-Za-z0-9_,/-]*\))?")
_PLAIN = re.compile(r"[\w .~%=&+*#@-]*")  # a value that MSet takes as it is
_APPLICATION = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_CONTEXT = re.compile(r"[a-z0-9-]+")
_SETTING = re.compile(r"[a-z-]+")
_NOTE_NAME = re.compile(r"[A-Z_]+")
_NOTE_EXTRA = re.compile(r"[A-Za-z0-9_.~%=&+-]*")
_NO_SIGN = re.compile(r'[^"\\$,()]*')  # without characters that Asterisk's parser treats specially
_RECORDING = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9][A-Za-z0-9_-]*)*")
PAST_END = 10**9  # samples: no prompt is so long, so nothing of it is played
_BATCH_BYTES = 1500  # bytes of expressions that are asked for in one command

_PROMPT_LIMIT = 300.0  # seconds until Asterisk must have answered a command that plays a prompt


class Call:
    """The call of one script.

    `play`, `ask`, `run` and `answer` raise `HungUp` once the caller is gone. `get`, `set` and `note` work
    until Asterisk closes the session, so that a script can still note how the call ended.
    """

    def __init__(self, headers: Mapping[str, str], transport: Transport) -> None:
        """Take the session's headers (``agi_…``, as `ivr.asterisk.agi.headers` checks them) and its transport."""
        self.id = headers["agi_uniqueid"]
        self.channel = headers["agi_channel"]
        self.context = headers["agi_context"]
        self.caller = headers.get("agi_callerid", "")  # raw; "unknown" if withheld
        self.private_number = headers.get("agi_rdnis", "").removeprefix("unknown")  # a number that no phone shows
        self.caller_name = headers.get("agi_calleridname", "")
        arguments: list[str] = []
        while (argument := headers.get(f"agi_arg_{len(arguments) + 1}")) is not None:
            arguments.append(argument)
        self.args = tuple(arguments)
        self.dialled = self.args[0] if self.args else headers["agi_extension"]  # raw
        self._agi = Commands(self.id, transport)
        self._has_left = False

    @property
    def is_up(self) -> bool:
        """Whether the caller was still there at the last reply."""
        return self._agi.is_up

    async def mark_done(self) -> None:
        """Mark the call as finished by its script; without the mark the next layer takes the call.

        Does nothing after `leave`, because the dialplan then goes on with the call.
        """
        if not self._has_left:
            await self.set(Variable.SCRIPT, "done")

    async def answer(self) -> None:
        """Answer the call."""
        await self._agi.send_live("ANSWER")

    async def play(self, *prompts: str) -> None:
        """Play prompts, in order; keys do not interrupt, and keys pressed meanwhile are lost."""
        for prompt in prompts:
            await self.stream(prompt, "")

    async def stream(self, prompt: str, keys: str) -> str:
        """Play a prompt, which a key of ``keys`` interrupts; return that key, "" if the prompt ended first."""
        if not (_PROMPT.fullmatch(prompt) and _KEYS.fullmatch(keys)):
            raise self._agi.refusal("STREAM FILE", f"{prompt} {keys}")
        reply = await self._agi.send_live(f'STREAM FILE {prompt} "{keys}"', deadline=_PROMPT_LIMIT)
        return chr(reply.result) if reply.result else ""

    async def ask(self, prompts: Sequence[str], keys: str, seconds: float) -> str:
        """Play prompts, which a key of ``keys`` interrupts, then wait ``seconds`` for any key.

        Returns:
            The key, "" for silence. A key pressed in the wait is returned whether it is in ``keys`` or not.
        """
        for prompt in prompts:
            if key := await self.stream(prompt, keys):
                return key
        reply = await self._agi.send_live(f"WAIT FOR DIGIT {int(seconds * 1000)}", deadline=QUICK + seconds)
        return chr(reply.result) if reply.result else ""

    async def get(self, expression: str) -> str:
        """Return the value of a variable or function, ``QUEUESTATUS`` or ``CALLERID(num)``; "" if it is not set."""
        if not _EXPRESSION.fullmatch(expression):
            raise self._agi.refusal("GET FULL VARIABLE", expression)
        return (await self._agi.send(f"GET FULL VARIABLE ${{{expression}}}")).data

    async def get_all(self, *expressions: str) -> list[str]:
        """Return several values, each as `get` would, in as few commands as possible.

        Only the last value may come from outside, because no other value may have a ``|`` in it.
        """
        values: list[str] = []
        for batch in _batches(expressions):
            if not all(map(_EXPRESSION.fullmatch, batch)):
                raise self._agi.refusal("GET FULL VARIABLE", " ".join(batch))
            command = f"GET FULL VARIABLE {'|'.join(f'${{{expression}}}' for expression in batch)}"
            batch_values = (await self._agi.send(command)).data.split("|", len(batch) - 1)
            if len(batch_values) != len(batch):
                raise self._agi.failure(command, _("the command failed"))
            values += batch_values
        return values

    async def set(self, name: str, value: str) -> None:
        """Set a channel variable or a writable function; channels that this channel calls inherit ``__NAME``."""
        if not _VARIABLE.fullmatch(name):
            raise self._agi.refusal("SET VARIABLE", name)
        await self._agi.send(f"SET VARIABLE {name} {self._agi.quoted('SET VARIABLE', value)}")

    async def set_all(self, values: Mapping[str, str]) -> None:
        """Set several variables, each as `set` does; all plain values go in one command."""
        plain = [f"{name}={value}" for name, value in values.items() if _PLAIN.fullmatch(value)]
        if not all(map(_VARIABLE.fullmatch, values)):
            raise self._agi.refusal("EXEC MSet", " ".join(values))
        for name, value in values.items():
            if not _PLAIN.fullmatch(value):
                await self.set(name, value)
        if plain:
            command = f'EXEC MSet "{",".join(plain)}"'
            if (await self._agi.send(command)).result < 0:
                raise self._agi.failure(command, _("the command failed"))

    async def run(self, application: str, *arguments: str) -> None:
        """Run a dialplan application to its end, without a time limit; it ends when the caller hangs up.

        An argument may hold commas only within parentheses, and no quotes, backslashes or ``$``. After a served call
        Queue needs the option ``c``, and Dial ``g``, to return the caller to the script; otherwise this raises.

        Raises:
            HungUp: the caller was gone, or hung up while the application ran.
            AgiError: there is no such application, or the application failed.
        """
        if not _APPLICATION.fullmatch(application) or not all(map(_is_one_argument, arguments)):
            raise self._agi.refusal(f"EXEC {application}", ",".join(arguments))
        if not self.is_up:
            raise HungUp(self.id)
        command = f"EXEC {application}"
        if arguments:
            command += " " + self._agi.quoted(command, ",".join(arguments))
        reply = await self._agi.send_live(command, deadline=None)
        if reply.result == -2:
            raise self._agi.failure(command, _("Asterisk has no such application"))
        if not self.is_up:
            raise HungUp(self.id)

    async def gosub(self, subroutine: Subroutine, deadline: float | None = QUICK) -> None:
        """Run an extension of the dialplan until it returns, at most ``deadline`` seconds; arguments as in `run`.

        The extension ends early if the caller hangs up; `is_up` is then False from the next reply on.
        """
        self._check(subroutine)
        command = f"GOSUB {subroutine.context} {subroutine.extension} 1"
        arguments = self._agi.quoted(command, ",".join(subroutine.arguments))
        await self._agi.send_live(f"{command} {arguments}", deadline=deadline)

    async def leave(self, subroutine: Subroutine) -> None:
        """Let the dialplan run an extension after this script. The script must end now. Arguments as in `run`."""
        self._check(subroutine)
        place = f"{subroutine.context},{subroutine.extension},1({','.join(subroutine.arguments)})"
        await self._agi.send_live(f"EXEC Gosub {self._agi.quoted('EXEC Gosub', place)}")
        self._has_left = True  # the dialplan sets Variable.SCRIPT

    async def record(self, name: str, seconds: int, ends: str = "#", silence: int = 10) -> float:
        """Beep, then record a message until a key, silence, ``seconds`` or the caller's hang-up.

        The message becomes ``name``, without suffix, in Asterisk's folder of sounds.
        This does not raise `HungUp`, because a caller who has spoken and hangs up has left a message; see `is_up`.

        Returns:
            Seconds recorded.
        """
        if not _RECORDING.fullmatch(name) or not _KEYS.fullmatch(ends):
            raise self._agi.refusal("RECORD FILE", f"{name} {ends}")
        if not self.is_up:
            raise HungUp(self.id)
        command, lead_before = f'RECORD FILE {name} wav "{ends}"', system_clock_lead()
        reply = await self._record(f"{command} {seconds * 1000} BEEP s={silence}", seconds)
        seconds_left = seconds - reply.endpos // 8000
        was_set_forward = system_clock_lead() > lead_before + SMALLEST_STEP
        if reply.data == "timeout" and was_set_forward and seconds_left > 0:  # Asterisk ended the recording early
            reply = await self._record(f"{command} {seconds_left * 1000} {reply.endpos} s={silence}", seconds_left)
        return reply.endpos / 8000

    async def speech_create(self, engine: str) -> bool:
        """Open a speech session with an engine of aeap.conf; return False if the engine is full or does not answer."""
        if not _SETTING.fullmatch(engine):
            raise self._agi.refusal("SPEECH CREATE", engine)
        return (await self._agi.send_live(f"SPEECH CREATE {engine}")).result == 1

    async def speech_set(self, name: str, value: str) -> None:
        """Send a setting to the speech engine; no reply says whether the engine accepts it."""
        if not _SETTING.fullmatch(name):
            raise self._agi.refusal("SPEECH SET", name)
        await self._agi.send(f"SPEECH SET {name} {self._agi.quoted('SPEECH SET', value)}")

    async def speech_recognize(self, prompt: str, seconds: int, offset: int = 0) -> Reply:
        """Play a prompt from ``offset`` (samples), listening to speech and keys, and wait ``seconds`` after its end.

        The prompt ends when an utterance is recognised, or the caller presses a key.

        Returns:
            A reply: ``data`` is "speech", "digit" or "timeout"; ``text`` has the results or the key; ``result`` is 0
            if the engine could not listen.
        """
        if not _PROMPT.fullmatch(prompt):
            raise self._agi.refusal("SPEECH RECOGNIZE", prompt)
        command = f"SPEECH RECOGNIZE {prompt} {seconds} {offset}"
        reply = await self._agi.send_live(command, deadline=_PROMPT_LIMIT + seconds)
        if reply.data == "hangup":
            raise self._agi.hung_up_error()
        if reply.data in ("speech", "digit") and not offset:
            # Asterisk plays the prompt on until another prompt begins.
            await self._agi.send_live(f'STREAM FILE {prompt} "" {PAST_END}')
        return reply

    async def speech_destroy(self) -> None:
        """Close the speech session; Asterisk closes the session, too, when the script ends."""
        await self._agi.send("SPEECH DESTROY")

    async def note(self, name: str, extra: str = "") -> None:
        """Write a call event into CEL; the calling function has percent-encoded ``extra``."""
        if not (_NOTE_NAME.fullmatch(name) and _NOTE_EXTRA.fullmatch(extra)):
            raise self._agi.refusal("EXEC CELGenUserEvent", f"{name},{extra}")
        command = f'EXEC CELGenUserEvent "{name},{extra}"'
        if (await self._agi.send(command)).result < 0:
            raise self._agi.failure(command, _("Asterisk could not write the file"))

    def _check(self, subroutine: Subroutine) -> None:
        """Raise `AgiError` for an extension or an argument that Asterisk would misread."""
        context, extension, arguments = subroutine.context, subroutine.extension, subroutine.arguments
        if not (
            _CONTEXT.fullmatch(context) and _CONTEXT.fullmatch(extension) and all(map(_is_one_argument, arguments))
        ):
            raise self._agi.refusal(f"GOSUB {context} {extension}", ",".join(arguments))

    async def _record(self, command: str, seconds: int) -> Reply:
        reply = await self._agi.send(command, deadline=QUICK + seconds)
        if reply.code == 511:
            raise self._agi.hung_up_error()
        if reply.data == "hangup":
            self._agi.hung_up_error()
        elif reply.result == -1:
            raise await self._agi.hang_up_or_failure(command, reply)
        return reply


def _batches(expressions: Sequence[str]) -> Iterator[list[str]]:
    """Yield the expressions in order, in lists that each fit into one command."""
    batch: list[str] = []
    size = 0
    for expression in expressions:
        if batch and size + len(expression) > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(expression)
        size += len(expression) + 4
    if batch:
        yield batch


def _is_one_argument(value: str) -> bool:
    """Return whether Asterisk reads the text as a single argument of an application."""
    if _NO_SIGN.fullmatch(value):
        return True
    depth = 0
    for character in value:
        if character in '"\\$' or (character == "," and not depth):
            return False
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return not depth
