"""After the talk (满意度): the agent has hung up, and the citizen may give a grade, or hang up."""

from agi_scripts.likeliest import likeliest
from agi_scripts.services import ScriptServices
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.speech import Answer, Key, RecognizedSpeech, hearing
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import CallRated
from ivr.intents.rating import rating
from ivr.routing.pace import patience

VOCABULARY = "rating"  # the phrases expected as an answer
_KEYS = "12345"


async def rate(call: Call, services: ScriptServices, *, slow: bool = False) -> None:
    """Ask for a rating once, unless the registry wants no ratings; thank a caller who answers.

    Args:
        call: the caller's call.
        services: the services of the program that runs the script.
        slow: whether the caller asked for slow prompts.
    """
    seconds = services.registry.timers.rating
    if not seconds:
        return
    async with hearing(call, wanted=services.can_hear(), patience=patience(slow=slow)) as listener:
        level = _level(await listener.listen(VOCABULARY, ["rate"], seconds))
    if level:
        await call.note(*encode(CallRated(level)))
        await call.play("rate-thanks")


def _level(answer: Answer) -> int | None:
    match answer:
        case Key(key) if key and key in _KEYS:
            return int(key)
        case RecognizedSpeech():
            return rating(likeliest(answer).text)
    return None
