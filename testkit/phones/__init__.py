"""Real SIP phones, a carrier with centers, and the parties that each phone hears.

Each party sends a steady tone of its own. The sound that a party hears is recorded, and read back as names of parties:

    with Phones() as phones:
        carrier = Carrier(phones, hotline="127.0.0.1:5060")
        center = carrier.center("12313", name="center", answers=True, after=1)
        agent = SeatPhone(phones, "8001", password, "127.0.0.1:5060", name="agent").register()
        citizen = carrier.call("12345", from_="13800000001")
        agent.answer(within=10)
        phones.until(lambda: citizen.hears_only(agent) and agent.hears_only("citizen"), 5, "they talk")
        agent.keys("*2")
        phones.until(lambda: citizen.hears(SOUND), 5, "the citizen hears music")
        agent.keys("12313")
        phones.until(lambda: agent.hears_only(center), 10, "agent and center talk")
        agent.keys("*3")
        phones.until(lambda: citizen.hears_only(agent, center), 5, "all three talk")
        print(citizen.heard.story())  # sound 1.5 | agent 1.0 | sound 3.2 | agent+center 0.7

`SOUND` is every sound but the parties' tones: prompts, music, ringback. `citizen.heard.times_of(path)` returns each
time at which the prompt in a file was played.

Nothing sleeps: `Phones.until` waits for events of the phones, and checks the condition after each event. If the
deadline passes, the AssertionError says the state of every phone and the parties that it has heard. PJSIP's logs,
with every SIP message, and the recordings are in `phones.folder`.
"""

from .carrier import Carrier, Center
from .heard_recording import HeardRecording
from .invite import Invite
from .phone_call import PhoneCall
from .phones import Phones
from .seat_phone import SeatPhone
from .tones import SILENCE, SOUND, Span, heard_in

__all__ = [
    "SILENCE",
    "SOUND",
    "Carrier",
    "Center",
    "HeardRecording",
    "Invite",
    "PhoneCall",
    "Phones",
    "SeatPhone",
    "Span",
    "heard_in",
]
