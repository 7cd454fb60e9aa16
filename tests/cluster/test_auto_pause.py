"""A seat is paused for calls that its agent let ring, not for calls that the front refused in the phone's place."""

from pathlib import Path
from typing import Any, cast

import pytest

from ivr.asterisk.ami.manager import Ami
from ivr.cluster.cluster_model import IN_CALL_ELSEWHERE
from ivr.engine.auto_pause import AutoPause
from ivr.engine.seats_elsewhere import SeatsElsewhere
from ivr.signalling.sip_message import parse
from testkit.waiting_async import until

_RING_NO_ANSWER = "1796095861|south-1.2|group-general|{seat}|RINGNOANSWER|0\n"


class Queues:
    """Asterisk with three signed-in seats; it keeps each pause of a seat."""

    def __init__(self) -> None:
        self.paused: list[str] = []
        self.unpaused: set[str] = set()

    async def listing(self, _name: str) -> list[dict[str, str]]:
        return [
            {
                "Event": "QueueMember",
                "Queue": "group-general",
                "Name": seat,
                "Location": f"PJSIP/{phone}",
                "Paused": "1" if (interface := f"PJSIP/{phone} in-call-elsewhere") in self.paused else "0",
                "PausedReason": "in-call-elsewhere" if interface in self.paused else "",
            }
            for seat, phone in (("8001", "8001"), ("8002", "8009"), ("8003", "8003"))
        ]

    async def action(self, name: str, **fields: Any) -> dict[str, str]:
        if name == "QueuePause" and fields["Paused"] == "true":
            self.paused.append(f"{fields['Interface']} {fields['Reason']}")
        elif name == "QueuePause":
            self.unpaused.add(fields["Interface"])
        return {}


@pytest.fixture
def queue_log(tmp_path: Path) -> Path:
    file = tmp_path / "queue_log"
    file.touch()
    return file


async def test_a_seat_in_a_call_of_another_node_is_not_paused(queue_log: Path) -> None:
    queues = Queues()
    ami = cast(Ami, queues)
    async with SeatsElsewhere(ami) as elsewhere, AutoPause(queue_log, ami, elsewhere.is_in_call_elsewhere):
        for phone in ("8001", "8009"):
            answer = f"SIP/2.0 486 {IN_CALL_ELSEWHERE}\r\nTo: <sip:{phone}@192.0.2.9>;tag=1\r\nCSeq: 1 INVITE\r\n\r\n"
            elsewhere.watch(parse(answer.encode()))

        def two_calls_ring_out() -> list[str]:
            with queue_log.open("a") as file:
                file.writelines(_RING_NO_ANSWER.format(seat=seat) for seat in ("8001", "8002", "8003"))
            return queues.paused

        await until(lambda: len(queues.paused) == 2, "the queue rings neither seat for a while")
        assert set(queues.paused) == {"PJSIP/8001 in-call-elsewhere", "PJSIP/8009 in-call-elsewhere"}
        await until(
            lambda: "PJSIP/8003 no-answer" in two_calls_ring_out(), "the seat whose agent let two calls ring is paused"
        )
        assert not {"PJSIP/8001 no-answer", "PJSIP/8009 no-answer"} & set(queues.paused)
        await until(lambda: queues.unpaused == {"PJSIP/8001", "PJSIP/8009"}, "both seats are rung again")
