"""三方转接: an agent brings a party into the call; the citizen never hears silence, and always has agent or party."""

from testkit.hotline.desk import staff, talk
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, PhoneCall, Phones, SeatPhone
from tests.calls.consulting import MUSIC, all_three, consult, legs, never_alone, talk_without_the_agent


def test_the_center_joins_and_the_agent_leaves(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    center, agent = carrier.center("12313", name="center"), seat("8001", name="agent")
    citizen = serve(phones, carrier, agent)
    consult(phones, citizen, agent, "12313", center)
    assert center.call.caller == "12345"
    agent.keys("*3")
    all_three(phones, citizen, agent, center)
    agent.hang_up()
    phones.until(lambda: citizen.hears_only(center) and center.hears_only(citizen), 5, "citizen and center talk on")
    citizen.hang_up()
    phones.until(lambda: center.call.ended, 5, "the call is over")
    never_alone(citizen)
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert legs(record) == [("general", "8001", "answered"), ("consult", "12313", "answered")]
    assert (record["outcome"], record["seat"]) == ("answered", "8001")


def test_the_agent_swaps_and_comes_back(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    center, agent = carrier.center("12313", name="center"), seat("8001", name="agent")
    citizen = serve(phones, carrier, agent)
    consult(phones, citizen, agent, "12313", center)
    agent.keys("*5")
    phones.until(lambda: agent.hears_only(citizen) and citizen.hears_only(agent), 5, "the agent is with the citizen")
    phones.until(lambda: center.hears_only(MUSIC), 5, "the center hears music")
    agent.keys("*5")
    phones.until(lambda: agent.hears_only(center) and center.hears_only(agent), 5, "the agent is with the center")
    phones.until(lambda: citizen.hears_only(MUSIC), 5, "the citizen hears music")
    agent.keys("*1")
    talk(phones, citizen, agent)
    phones.until(lambda: center.call.ended, 5, "the center has left the call")
    # In the same call the agent consults another center, and connects citizen and center.
    other = carrier.center("12366", name="other")
    consult(phones, citizen, agent, "12366", other)
    agent.keys("*4")
    talk_without_the_agent(phones, citizen, agent.call, other)
    other.hang_up()
    phones.until(lambda: citizen.ended, 5, "the call is over")
    never_alone(citizen)
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert legs(record) == [
        ("general", "8001", "answered"),
        ("consult", "12313", "answered"),
        ("consult", "12366", "answered"),
    ]


def test_the_agent_hears_why_a_consult_failed_and_has_the_citizen_again(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """In one call: centers busy, silent, unreachable and closed, an absent expert, the agent's own seat."""
    agent = seat("8001", name="agent")
    carrier.center("12313", name="busy", answers=486)
    silent = carrier.center("12366", name="silent", answers=False)
    citizen = serve(phones, carrier, agent)
    colleague, other = seat("8002", signs_in=False), carrier.center("12305", name="other")
    colleague.dial("12305")
    phones.until(lambda: colleague.hears_only(other), 15, "a colleague is in another call")
    tries = {
        "12313": "consult-busy",
        "12366": "consult-silent",
        "12367": "consult-away",  # the carrier does not know this number
        "96002": "consult-closed",
        "12333": "consult-away",  # its expert has not signed in
        "8001": "consult-self",
        "8002": "consult-busy",  # this seat is in a call
    }
    for number, prompt in tries.items():
        agent.keys(f"*2{number}")
        phones.until(lambda: citizen.hears_only(MUSIC), 5, "the citizen hears music")
        phones.until(lambda prompt=prompt: has_heard(agent.call, prompt), 12, f"{number}: {prompt} is heard")
        talk(phones, citizen, agent)
    assert silent.call.ended
    assert len(colleague.calls) == 1, "a colleague in another call was rung"
    citizen.hang_up()
    phones.until(lambda: agent.call.ended, 5, "the call is over")
    never_alone(citizen)
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert legs(record)[:5] == [
        ("general", "8001", "answered"),
        ("consult", "12313", "busy"),
        ("consult", "12366", "no-answer"),
        ("consult", "12367", "unavailable"),
        ("consult", "96002", "unavailable"),
    ]


def test_every_consult_target_can_be_reached(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """In one call: a linkage number, a seat, a line's expert, the line that a number is merged into, a colleague."""
    fire = carrier.center("119", name="fire")
    agent, labour, market = staff(seat, "8001", "8333", "8315")
    citizen = serve(phones, carrier, agent)
    colleague = seat("8002")
    parties = {"119": fire, "8002": colleague, "12333": labour, "12331": market, "12300": colleague}
    for number, party in parties.items():
        consult(phones, citizen, agent, number, party)
        if party in (colleague, labour, market):
            assert party.call.caller == "8001"
            assert party.call.caller_name == f"{agent.call.caller} {agent.call.shown}", "the citizen's number and line"
        agent.keys("*1")
        talk(phones, citizen, agent)
        phones.until(lambda party=party: party.call.ended, 5, f"{party.name} has left the call")
    citizen.hang_up()
    phones.until(lambda: agent.call.ended, 5, "the call is over")
    never_alone(citizen)
    assert [call.called for call in fire.calls] == ["119"]
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert legs(record)[1:] == [("consult", number, "answered") for number in parties]


def test_no_unregistered_number_can_be_consulted(phones: Phones, carrier: Carrier, seat: SeatPhones) -> None:
    """Toll fraud: whichever digits an agent dials after *2, the carrier is asked for registered numbers only."""
    agent = seat("8001", name="agent")
    citizen = serve(phones, carrier, agent)
    for number in ("008613912345678", "912313", "12340"):
        agent.keys(f"*2{number}")
        phones.until(lambda: has_heard(agent.call, "consult-unknown"), 10, f"{number} is refused")
        talk(phones, citizen, agent)
    assert not citizen.keys_received, "the tones of the agent's digits reached the citizen"
    assert not carrier.unexpected, f"the carrier was asked for {[invite.called for invite in carrier.unexpected]}"
    center = carrier.center("12313")
    agent.keys("#12313")
    phones.until(lambda: len(citizen.keys_received) == len("#12313"), 10, "# is a key like any other")
    talk(phones, citizen, agent)
    assert not center.calls, "the key # transferred the citizen"
    never_alone(citizen)


def test_the_agent_drops_the_center_and_makes_a_work_order_for_its_unit(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """The agent drops the center from a three-way call; another center is busy twice, so its unit gets a work order."""
    center, agent = carrier.center("12313", name="center"), seat("8001", name="agent")
    carrier.center("12366", name="busy", answers=486)
    citizen = serve(phones, carrier, agent)
    agent.keys("*9")
    phones.until(
        lambda: has_heard(agent.call, "work-order-nobody"), 10, "the agent hears that no center was consulted yet"
    )
    talk(phones, citizen, agent)
    consult(phones, citizen, agent, "12313", center)
    agent.keys("*3")
    all_three(phones, citizen, agent, center)
    agent.keys("*1")
    phones.until(lambda: center.call.ended, 10, "the center has left the call")
    talk(phones, citizen, agent)
    never_alone(citizen)
    agent.keys("*212366")
    phones.until(lambda: has_heard(agent.call, "consult-busy"), 12, "the center is busy")
    talk(phones, citizen, agent)
    citizen.mute()
    agent.call.mute()
    agent.keys("*9")
    phones.until(lambda: has_heard(agent.call, "work-order-made"), 10, "the agent hears that the work order was made")
    phones.until(lambda: has_heard(citizen, "work-order-made"), 5, "so does the citizen")
    agent.keys("*212313")  # while the prompt still plays
    phones.until(lambda: agent.hears_only(center), 10, "the agent hears the center")
    begun = citizen.heard.seconds
    phones.until(lambda: citizen.heard.seconds > begun + 4, 10, "the prompt is over")
    assert citizen.hears_only(MUSIC), "the citizen is left in silence"
    agent.keys("*1")
    phones.until(lambda: center.call.ended, 10, "the center has left the call")
    phones.until(citizen.hears_only, 5, "the music is over")
    agent.keys("*212366")
    phones.until(lambda: has_heard(agent.call, "consult-busy"), 12, "the center is busy")
    phones.until(citizen.hears_only, 12, "the music is over")
    agent.keys("*9")
    phones.until(lambda: has_heard(agent.call, "work-order-again"), 10, "each unit has one work order")
    citizen.hang_up()
    phones.until(lambda: agent.call.ended, 5, "the call is over")
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert (record["outcome"], record["work_order"]) == ("answered", f"W{record['call_id'].replace('.', '-')}-12366")
    assert legs(record) == [
        ("general", "8001", "answered"),
        ("consult", "12313", "answered"),
        ("consult", "12366", "busy"),
        ("consult", "12313", "answered"),
        ("consult", "12366", "busy"),
    ]


def test_the_center_hangs_up(phones: Phones, carrier: Carrier, seat: SeatPhones) -> None:
    """The center hangs up in the consult, and in the three-way call. In test_races.py the citizen hangs up."""
    center, agent = carrier.center("12313", name="center"), seat("8001", name="agent")
    citizen = serve(phones, carrier, agent)
    for three in (False, True):
        consult(phones, citizen, agent, "12313", center)
        if three:
            agent.keys("*3")
            all_three(phones, citizen, agent, center)
        center.hang_up()
        talk(phones, citizen, agent)
    never_alone(citizen)


def serve(phones: Phones, carrier: Carrier, agent: SeatPhone) -> PhoneCall:
    """Return the call of a citizen who talks with the agent."""
    citizen = carrier.call("12345")
    phones.until(lambda: has_heard(citizen, "opening"), 10, "the opening is heard")
    citizen.keys("0")
    phones.until(lambda: agent.ringing, 10, "the agent's phone rings")
    agent.answer()
    talk(phones, citizen, agent)
    return citizen
