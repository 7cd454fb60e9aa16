"""A caller who asks a question at a menu hears the short answer of an article (群众自助查询); an agent follows."""

import time

from agi_scripts.services import YES_NO, SpokenAnswer
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.commands import HungUp
from ivr.asterisk.agi.speech import Answer, CallerListener, Key, RecognizedSpeech
from ivr.call_events.codec import encode
from ivr.call_events.values import AnswerEnd
from ivr.call_events.vocabulary import AnswerPlayed

_WAIT = 2  # seconds behind the answer, in which the caller may hang up
_TITLE = 40  # characters


async def tell_answer(call: Call, listener: CallerListener, answer: SpokenAnswer) -> Answer:
    """Tell the answer until the caller presses a key, speaks or hangs up, and note how much of it the caller heard.

    Raises:
        HungUp: the caller is gone; that is noted, too.
    """
    began = time.monotonic()
    try:
        interruption = await listener.listen(YES_NO, [answer.prompt], _WAIT)
    except HungUp:
        await _note(call, answer, began, AnswerEnd.HUNG_UP, whole=answer.prompt in listener.heard)
        raise
    match interruption:
        case Key():
            end = AnswerEnd.KEY
        case RecognizedSpeech():
            end = AnswerEnd.WORD
        case _:
            end = AnswerEnd.WHOLE
    await _note(call, answer, began, end, whole=answer.prompt in listener.heard)
    return interruption


async def _note(call: Call, answer: SpokenAnswer, began: float, end: AnswerEnd, *, whole: bool) -> None:
    elapsed = answer.seconds if whole else min(answer.seconds, round(time.monotonic() - began))
    title = answer.title[:_TITLE]
    event = AnswerPlayed(answer.article, answer.version, title, elapsed, answer.seconds, end)
    await call.note(*encode(event))
