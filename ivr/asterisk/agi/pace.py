"""The pace of the prompts that a channel hears."""

from ivr.asterisk.agi.call import Call
from ivr.asterisk.config.render import SLOW_LANGUAGE


async def play_slowly(call: Call) -> None:
    """Play every further prompt of this channel slowly, queue announcements included.

    Asterisk looks for each sound file in the folder of the channel's language, then in the folder of the language
    without its suffix. A prompt without a slow file is therefore played at its own pace.
    """
    await call.set("CHANNEL(language)", SLOW_LANGUAGE)
