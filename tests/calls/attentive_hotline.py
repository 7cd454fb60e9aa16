"""A hotline that hears callers, though other tests run beside it."""

from websockets.exceptions import ConnectionClosed

from ivr.runtime import facts
from ivr.runtime.layout import Home
from testkit.hotline.running import RunningHotline
from tests.speech.client import Asterisk


class Attentive(RunningHotline):
    """A hotline that the tests beside it leave a core to hear with; root's, for nobody else may take one."""

    def command(self) -> list[str]:
        return ["nice", "--adjustment=-10", *super().command()]


async def hears(hotline: RunningHotline) -> bool:
    """Whether a caller would be heard now."""
    try:
        async with Asterisk(facts.read(Home(hotline.home).hotline).speech_port) as asterisk:
            return "error_msg" not in await asterisk.create()
    except (TimeoutError, ConnectionClosed):  # it still loads
        return False
