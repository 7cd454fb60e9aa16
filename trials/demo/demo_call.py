"""One call for the audience: its events, the expected events, and its record."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ivr.texts import _
from testkit.phones import Center, PhoneCall, SeatPhone
from trials.demo.narrator import Narrator, timeline
from trials.demo.prompt_listener import PromptListener, length, words
from trials.demo.stage import Stage

T = TypeVar("T")
_TALK = 0.8  # seconds for which each party has to hear the others


@dataclass
class DemoCallFailed(Exception):
    """An expectation that was not met, and the observation."""

    expected: str
    seen: str


@dataclass
class DemoCall:
    """A story in progress.

    Attributes:
        caller: the citizen's number; each story has its own.
        parties: calls whose timelines are shown at the end, in the order in which they joined.
    """

    stage: Stage
    narrator: Narrator
    caller: str
    parties: list[PhoneCall] = field(default_factory=list)
    _listeners: list[PromptListener] = field(default_factory=list)
    _pressed: dict[PhoneCall, float] = field(
        default_factory=dict
    )  # seconds of the call at which the party pressed its first key
    _earlier: int = 0  # number of calls in earlier stories

    def __post_init__(self) -> None:
        self._earlier = len(self.stage.phones.calls)

    def citizen_dials(self, number: str) -> PhoneCall:
        """Have the citizen call the hotline."""
        self.narrator.tell(_("citizen"), _("dials {number} from {caller}").format(number=number, caller=self.caller))
        return self.listen(self.stage.carrier.call(number, self.caller, name=_("citizen")))

    def seat_dials(self, seat: SeatPhone, number: str) -> PhoneCall:
        """Have a seat's phone call the hotline."""
        self.narrator.tell(seat.name, _("dials {number}").format(number=number))
        return self.listen(seat.dial(number))

    def listen(self, call: PhoneCall) -> PhoneCall:
        """Print from now on the prompts that a call hears."""
        self._listeners.append(PromptListener(call))
        return call

    def hears(self, call: PhoneCall, prompt: str, seconds: float = 15) -> None:
        """Wait until a call hears a prompt."""
        listener = next(listener for listener in self._listeners if listener.call is call)
        self.until(
            lambda: listener.has_heard(prompt),
            seconds,
            _("{who} hears {words}").format(who=call.name, words=words(prompt)),
        )

    def presses(self, call: PhoneCall, keys: str) -> None:
        """Have a party press keys."""
        self.narrator.tell(call.name, _("presses {keys}").format(keys=keys))
        self._pressed.setdefault(call, call.heard.seconds)
        call.keys(keys)

    def rings(
        self,
        seat: SeatPhone,
        *,
        shows: str,
        needs_expert: bool = False,
        caller: str = "",
        line: str = "",
        seconds: float = 25,
    ) -> PhoneCall:
        """Wait until a seat's phone rings, and check its display: ``caller`` is the citizen if not given."""
        call = self.until(lambda: seat.ringing, seconds, _("the phone of {who} rings").format(who=seat.name))
        self._listen(at_once=True)
        self.parties.append(call)
        marked_line = call.header("X-Hotline-Line") or ""
        marked = call.header("X-Hotline-Needs-Expert") == "yes"
        self.narrator.tell(
            seat.name,
            _("phone rings and shows: {name}, {caller}; X-Hotline-Line: {line}").format(
                name=call.caller_name, caller=call.caller, line=marked_line
            )
            + ("; X-Hotline-Needs-Expert: yes" if marked else ""),
        )
        self.expect(
            _("display of the phone of {who}").format(who=seat.name),
            (shows, caller or self.caller),
            (call.shown, call.caller),
        )
        self.expect("X-Hotline-Line", line or shows.split(maxsplit=1)[0], marked_line)
        self.expect("X-Hotline-Needs-Expert", needs_expert, marked)
        return call

    def answers(self, seat: SeatPhone) -> None:
        """Have a seat pick up."""
        self.narrator.tell(seat.name, _("answers"))
        seat.answer()

    def center_answers(self, center: Center, seconds: float = 15) -> PhoneCall:
        """Wait until a center has picked up."""
        self.until(lambda: center.talking, seconds, _("{who} answers").format(who=center.name))
        self._listen(at_once=True)
        self.narrator.tell(center.name, _("is called as {number} and answers").format(number=center.call.called))
        self.parties.append(center.call)
        return center.call

    def hear_each_other(self, *calls: PhoneCall, seconds: float = 10) -> None:
        """Wait until each of these parties hears all others, and nothing else."""
        names = {call.name for call in calls}

        def talking() -> bool:
            return all(call.hears_only(*(names - {call.name}), seconds=_TALK) for call in calls)

        event = _("{who} hear each other, and nobody else").format(who=_(" and ").join(call.name for call in calls))
        self.until(talking, seconds, event)
        self.narrator.tell("", event)

    def hangs_up(self, call: PhoneCall, *others: PhoneCall) -> None:
        """Have a party hang up, and wait until the calls of the others end, too."""
        self.narrator.tell(call.name, _("hangs up"))
        call.hang_up()
        self.until(lambda: all(ended_call.ended for ended_call in (call, *others)), 10, _("the call is over"))

    def until(self, predicate: Callable[[], T | None], seconds: float, event: str) -> T:
        """Wait for an event, and print meanwhile the prompts that the calls hear.

        Raises:
            DemoCallFailed: The event did not happen in time.
        """

        def condition() -> T | None:
            value = predicate()  # before listening, which takes time
            if not value:
                self._listen()
            return value

        try:
            return self.stage.phones.until(condition, seconds, event)
        except AssertionError:
            within = _("{what}, within {seconds:g} s").format(what=event, seconds=seconds)
            calls = self.stage.phones.calls[self._earlier :]
            raise DemoCallFailed(within, "\n".join(map(str, calls)) or _("no calls")) from None

    def expect(self, subject: str, expected: object, seen: object) -> None:
        """Compare an observed value with the expected value.

        Raises:
            DemoCallFailed: The values differ.
        """
        if seen != expected:
            raise DemoCallFailed(f"{subject}: {expected}", f"{subject}: {seen}")

    def opening_of(self, call: PhoneCall, *behind: str, notice: bool) -> tuple[str, ...]:
        """Return the prompts from the opening on for a caller who pressed a key as soon as the opening was recognised.

        On a busy machine the opening has ended by then, and the menu may have begun. The notice of the recording is not
        repeated if the caller heard the opening to its end; otherwise ``notice`` says whether it follows ``behind``.
        """
        began = next(at for at, name in self._prompts(call) if name == "opening")
        if self._pressed[call] < began + length("opening"):
            return ("opening", *behind, "recorded") if notice else ("opening", *behind)
        menu = [name for _at, name in self._prompts(call) if name == "menu-main"]
        return ("opening", *menu, *behind)

    def check_prompts(self, call: PhoneCall, *prompts: str, may_follow: str = "") -> None:
        """Compare the prompts that a call heard, in order, with the expected prompts.

        A caller who hangs up late may have heard ``may_follow``, too.
        """
        heard = [name for _at, name in self._prompts(call)]
        if heard[-1:] == [may_follow]:
            heard.pop()
        self.expect(_("prompts that {who} heard").format(who=call.name), list(prompts), heard)

    def _prompts(self, call: PhoneCall) -> list[tuple[float, str]]:
        self._listen(at_once=True)
        return sorted(next(listener for listener in self._listeners if listener.call is call).heard)

    def record(self, **fields: object) -> dict[str, Any]:
        """Wait for the call's record, check these fields, and return the whole record."""

        def finished_record() -> dict[str, Any] | None:
            records = [record for record in self.stage.hotline.calls() if record["caller"] == self.caller]
            return next((record for record in records if record["outcome"] != "in-progress"), None)

        call_record = self.until(finished_record, 15, _("the call is recorded"))
        for name, value in fields.items():
            self.expect(_("{field} in the call record").format(field=name), value, call_record[name])
        return call_record

    def timelines(self) -> None:
        """Print for each party which parties it heard."""
        calls = [listener.call for listener in self._listeners] + self.parties
        for call in calls:
            self.narrator.add(call.name, _("heard: {timeline}").format(timeline=timeline(call.heard.timeline())))

    def _listen(self, *, at_once: bool = False) -> None:
        for listener in self._listeners:
            for prompt in listener.new_prompts(at_once=at_once):
                self.narrator.tell(
                    listener.call.name, _("hears {prompt}: {words}").format(prompt=prompt, words=words(prompt))
                )
