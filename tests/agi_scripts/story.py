"""A call as short words in the order in which it happened: what was heard, who was rung, what was noted."""

from itertools import groupby

from ivr.records.notes import Fallback, Key, Message, Note, Offer, Route, decode
from tests.asterisk.fake_channel import Story, words

MESSAGE = ["no-agent", "leave-message", "beep", "work order", "message-thanks", "goodbye"]


def told(story: Story) -> list[str]:
    """Tell a call: prompts by their names, ``waits for general``, ``rings expert-12333 20 s``, ``fell back: …``.

    ``done`` is the mark that keeps the dialplan from bringing the caller to the agents.
    """
    steps = [step for command in story.commands if (step := _step(words(command)))]
    joined: list[str] = []
    for spoken, run in groupby(steps, key=lambda step: step.startswith("phone/")):
        joined += [f"phone {''.join(run).replace('phone/', '')}"] if spoken else run
    return joined


def notes(story: Story) -> list[Note]:
    """Return what the call record will know from the script; each note must be whole."""
    decoded = [decode(name, extra) for name, extra in story.notes]
    assert None not in decoded, story.notes
    return [note for note in decoded if note]


def route(story: Story) -> Route:
    """Return the one note of the call's way."""
    (only,) = [note for note in notes(story) if isinstance(note, Route)]
    return only


def _step(command: list[str]) -> str:
    match command:
        case ["STREAM", "FILE", prompt, *_]:
            return prompt
        case ["WAIT", "FOR", "DIGIT", milliseconds]:
            return f"listens {int(milliseconds) // 1000} s"
        case ["RECORD", "FILE", *_]:
            return "beep"
        case ["SET", "VARIABLE", "SCRIPT", "done"]:
            return "done"
        case ["EXEC", "Queue", options]:
            queue, _options, _url, _announce, seconds = _outside_brackets(options)
            group = queue.removeprefix("group-")
            return f"rings {group} {seconds} s" if seconds else f"waits for {group}"
        case ["EXEC", "Dial", options]:
            target, seconds, _options = options.split(",", 2)
            return f"dials {target} {seconds} s"
        case ["EXEC", "CELGenUserEvent", extra]:
            return _noted(*extra.split(",", 1))
    return ""


def _noted(name: str, extra: str) -> str:
    match decode(name, extra):
        case Offer() as offer:
            return f"offered to {offer.kind} {offer.target}"
        case Fallback() as fallback:
            return f"fell back: {fallback.reason}"
        case Key() as key:
            return f"chose {key.key or 'silence'} {key.topic}".strip()
        case Message():
            return "work order"
    return ""


def _outside_brackets(options: str) -> list[str]:
    assert "(" not in options or "," not in options[options.index("(") : options.index(")")]
    return options.split(",")
