"""An agent's consult, and the parties that each party hears during the consult."""

from typing import Any

from testkit.phones import SILENCE, SOUND, Center, PhoneCall, Phones, SeatPhone

MUSIC = SOUND


LONGEST_SILENCE = 1.0  # seconds that a citizen may hear nothing
ONE_MOMENT = 1.0  # seconds between two hang-ups that count as one moment ([queue-ended] in dialplans)


def legs(record: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(leg["kind"], leg["target"], leg["result"]) for leg in record["legs"]]


def consult(phones: Phones, citizen: PhoneCall, agent: SeatPhone, number: str, party: SeatPhone | Center) -> None:
    """Let the agent consult a party, which answers; wait until the citizen hears music and agent and party talk."""
    agent.keys(f"*2{number}")
    phones.until(lambda: citizen.hears_only(MUSIC), 5, "the citizen hears music")
    if isinstance(party, SeatPhone):
        phones.until(lambda: party.ringing, 10, f"{party.name}'s phone rings")
        party.answer()
    phones.until(lambda: agent.hears_only(party) and party.hears_only(agent), 10, f"the agent talks with {party.name}")
    assert citizen.hears_only(MUSIC), "the citizen hears the consult"


def all_three(phones: Phones, citizen: PhoneCall, agent: SeatPhone, party: SeatPhone | Center) -> None:
    phones.until(
        lambda: citizen.hears_only(agent, party) and agent.hears_only(citizen, party)
        and party.hears_only(citizen, agent),
        5,
        "all three talk",
    )  # fmt: skip


def talk_without_the_agent(phones: Phones, citizen: PhoneCall, agent: PhoneCall, party: SeatPhone | Center) -> None:
    """Wait until citizen and party have talked for so long that the agent's and the party's hang-up are two moments."""
    phones.until(lambda: agent.ended, 10, "the agent is free")
    seconds = ONE_MOMENT + 0.5
    phones.until(
        lambda: citizen.hears_only(party, seconds=seconds) and party.hears_only(citizen, seconds=seconds),
        10,
        f"{citizen.name} and {party.name} talk without the agent",
    )


def never_alone(citizen: PhoneCall) -> None:
    """Return whether the party heard voice or music at every moment from the first prompt on."""
    silences = [span.seconds for span in citizen.heard.timeline()[1:] if span.parties == SILENCE]
    assert max(silences, default=0) <= LONGEST_SILENCE, citizen.heard.story()
