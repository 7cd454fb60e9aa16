"""A call as short words in order: prompts, rung phones, call events."""

from ivr.call_events.codec import decode
from ivr.call_events.vocabulary import (
    AnswerPlayed,
    CallEvent,
    EmergencyStarted,
    FallbackTaken,
    KeyPressed,
    MessageLeft,
    OfferStarted,
    RouteChosen,
    SpeechHeard,
)
from testkit.fake_asterisk.channel import Story

MESSAGE = ["no-agent", "leave-message", "beep", "work order", "message-thanks", "goodbye"]
WAITS = ["offered to general general"]


def in_words(story: Story) -> list[str]:
    """Return a call in words: prompts, ``waits for general``, ``rings expert-12333 20 s``, ``fell back: …``.

    ``done`` is the mark that keeps the dialplan from bringing the caller to the agents.
    """
    steps: list[str] = []
    for act in story.acts:
        step = _act_in_words(act)
        if step.startswith("phone/") and steps and steps[-1].startswith("phone "):
            steps[-1] += step.removeprefix("phone/")
        elif step:
            steps.append(step.replace("phone/", "phone "))
    script_ended = story.released or story.variables.get("HOTLINE_SCRIPT") in ("done", "served")
    return [*steps, "done"] if script_ended else steps


def call_events(story: Story) -> list[CallEvent]:
    """Return the script's call events; each has to be complete."""
    decoded = [decode(name, extra) for name, extra in story.call_events]
    assert None not in decoded, story.call_events
    return [note for note in decoded if note]


def route(story: Story) -> RouteChosen:
    """Return the call event of the route, of which there is exactly one."""
    (only,) = [note for note in call_events(story) if isinstance(note, RouteChosen)]
    return only


def _act_in_words(command: list[str]) -> str:
    match command:
        case ["STREAM", "FILE", prompt, _keys]:
            return prompt
        case ["WAIT", "FOR", "DIGIT", milliseconds]:
            return f"listens {int(milliseconds) // 1000} s"
        case ["SPEECH", "RECOGNIZE", prompt, _seconds, "0"]:
            return prompt
        case ["SPEECH", "RECOGNIZE", _prompt, _seconds, _past_end]:
            return "hears"
        case ["RECORD", "FILE", *_]:
            return "beep"
        case ["EXEC", application, options]:
            return _application_in_words(application, options)
    return ""


def _application_in_words(application: str, options: str) -> str:
    match application, options.split(","):
        case "Queue", [queue, _options, "", "", seconds, *_when_answered]:
            return f"rings {queue.removeprefix('group-')} {seconds} s"
        case "Queue", [queue, _options]:
            return f"waits for {queue.removeprefix('group-')}"
        case "Dial", [room, "", _options]:
            return f"joins {room.removeprefix('Local/').removesuffix('@emergency/n')}"
        case "Dial", [target, seconds, _options]:
            return f"dials {target} {seconds} s"
        case "MixMonitor" | "MSet" | "Wait", _:
            return ""
        case "CELGenUserEvent", [name, extra]:
            return _call_event_in_words(name, extra)
    return f"runs {application}({options})"


def _call_event_in_words(name: str, extra: str) -> str:  # noqa: PLR0911 - a case for each event
    match decode(name, extra):
        case OfferStarted() as offer:
            return f"offered to {offer.kind} {offer.target}"
        case EmergencyStarted() as emergency:
            return f"emergency {emergency.number} with {emergency.group or 'nobody'}"
        case FallbackTaken() as fallback:
            return f"fell back: {fallback.reason}"
        case KeyPressed() as key:
            return f"chose {key.key or 'silence'} {key.topic}".strip()
        case SpeechHeard() as heard:
            return f"{heard.decision} {heard.target} {heard.topic}".strip().replace("  ", " ")
        case AnswerPlayed() as answer:
            return f"told {answer.article} until {answer.end}"
        case MessageLeft():
            return "work order"
    return ""
