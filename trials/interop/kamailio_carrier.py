"""Kamailio as a carrier's IMS: a registrar with digest behind two border controllers, one of which is killed."""

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from ivr.runtime import kamailio
from testkit.hotline.running import IVR, RunningHotline, registry
from testkit.ims import PASSWORD, REALM, USER, BorderController, certificate
from testkit.signalling import Port, SignallingCall
from trials.interop.behaviours import Behaviour
from trials.interop.interop_report import InteropCell, InteropReport

CITIZEN = "13900001111"
_NETWORK = "127.0.0.23"
_FIRST, _SECOND = "127.0.0.21", "127.0.0.22"
_SECONDS = 20.0


def try_peer() -> list[InteropCell]:
    """Try each behaviour of a carrier."""
    report = InteropReport(f"Kamailio {kamailio.program().version}")
    asyncio.run(_over_udp(report))
    asyncio.run(_over_tcp(report))
    asyncio.run(_over_tls(report))
    return report.cells


async def _over_udp(report: InteropReport) -> None:
    network = await Port(_NETWORK).open()
    network.on_invite = SignallingCall.answer
    behind = (_NETWORK, network.number)
    with BorderController(_FIRST, behind) as first, BorderController(_SECOND, behind) as second:
        trunk = {
            "name": "ims", "profile": "ims-registration", "hosts": [first.address, second.address], "domain": REALM,
            "own_number": USER, "registration": {"user": USER, "expiry": 60},
        }  # fmt: skip
        with hotline_with(trunk) as hotline:
            await _try(
                report, Behaviour.REGISTERS, lambda: first.registrations() >= 2 and second.registrations() >= 2, 70
            )
            network.at(first.address)
            call = network.call("x", CITIZEN, to=f"<sip:12366;phone-context=+86@{REALM};user=phone>")
            await _try(report, Behaviour.CALLS_OUT, lambda: _rung(network, "12366", USER))
            for leg in list(network.legs.values()):
                leg.hang_up()
            await _try(
                report, Behaviour.CALLS_IN, lambda: [record["dialled"] for record in hotline.records(1)] == ["12366"]
            )
            await _try(
                report, Behaviour.IDENTITY, lambda: [record["caller"] for record in hotline.records(1)] == [CITIZEN]
            )
            await _try(report, Behaviour.USER_PARAMETERS, lambda: call.answered and not hotline.records(1)[0]["gap"])
            network.at(second.address)
            network.invites.clear()
            first.kill()
            network.call("x", CITIZEN, to=f"<sip:12366@{REALM}>")
            await _try(report, Behaviour.BORDER_CONTROLLER_KILLED, lambda: _rung(network, "12366", USER))
    network.close()


async def _over_tcp(report: InteropReport) -> None:
    network = await Port(_NETWORK).open()
    network.on_invite = SignallingCall.answer
    with BorderController(_FIRST, (_NETWORK, network.number)) as controller:
        trunk = {
            "name": "ims", "profile": "ims-registration", "hosts": [controller.address], "domain": REALM,
            "transport": "tcp", "own_number": USER, "registration": {"user": USER, "expiry": 60},
        }  # fmt: skip
        with hotline_with(trunk) as hotline:
            await _calls(report, Behaviour.TCP_CALLS, network, controller, hotline)
    network.close()


async def _calls(
    report: InteropReport, behaviour: Behaviour, network: Port, controller: BorderController, hotline: RunningHotline
) -> None:
    """A citizen calls a sub-center, which is called in turn; the record has both numbers."""
    await _until(lambda: controller.registrations() > 0, _SECONDS)
    network.at(controller.address)
    call = network.call("x", CITIZEN, to=f"<sip:12366@{REALM}>")
    await _until(lambda: _rung(network, "12366", USER), _SECONDS)
    for leg in list(network.legs.values()):
        leg.hang_up()
    numbers = lambda: [(record["caller"], record["dialled"], record["outcome"]) for record in hotline.records(1)]  # noqa: E731
    await _try(report, behaviour, lambda: call.answered and numbers() == [(CITIZEN, "12366", "answered")])


async def _over_tls(report: InteropReport) -> None:
    network = await Port(_NETWORK).open()
    network.on_invite = SignallingCall.answer
    behind = (_NETWORK, network.number)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        good, other_certificate = certificate(folder, "good", _FIRST), certificate(folder, "other", _SECOND)
        first = stack.enter_context(BorderController(_FIRST, behind, good))
        second = stack.enter_context(BorderController(_SECOND, behind, other_certificate))
        trunks = [
            {
                "name": name, "profile": "ims-registration", "hosts": [f"{controller.host}:{controller.tls_port}"],
                "domain": REALM, "transport": "tls", "certificate": "good.pem", "own_number": USER, "order": order,
                "registration": {"user": USER, "expiry": 60},
            }
            for order, (name, controller) in enumerate((("good", first), ("wrong", second)), 1)
        ]  # fmt: skip
        files = {"good.pem": (folder / "good.pem").read_text()}
        hotline = stack.enter_context(hotline_with(*trunks, files=files))
        await _try(report, Behaviour.TLS_CHECKED, lambda: first.registrations() > 0)

        def refused() -> bool:
            states = {controller["trunk"]: controller for controller in hotline.ask("trunks")}
            return not states["wrong"]["up"] and states["good"]["up"] and second.registrations() == 0

        await _try(report, Behaviour.TLS_REFUSED, refused)
        await _calls(report, Behaviour.TLS_CALLS, network, first, hotline)
    network.close()


@contextmanager
def hotline_with(*trunks: dict[str, Any], files: dict[str, str] | None = None) -> Iterator[RunningHotline]:
    """Run a hotline with these trunks, each with the password of the IMS; ``files`` lie beside its registry."""
    hotline = RunningHotline(None, registry(trunks=list(trunks)))
    for name, text in (files or {}).items():
        (hotline.numbers.parent / name).write_text(text)
    for trunk in trunks:
        arguments = (
            "secret",
            "set",
            "trunk",
            trunk["name"],
            "--home",
            str(hotline.home),
            "--numbers",
            str(hotline.numbers),
        )
        subprocess.run(
            [IVR, *arguments],
            input=f"{PASSWORD}\n",
            text=True,
            capture_output=True,
            env=hotline.environment,
            check=True,
        )
    with hotline:
        yield hotline


def _rung(network: Port, number: str, caller: str) -> bool:
    return any(invite.user == number and invite.caller == caller for invite in network.invites)


async def _try(
    report: InteropReport, behaviour: Behaviour, condition: Callable[[], object], seconds: float = _SECONDS
) -> None:
    """Wait for the event that shows that a behaviour works."""
    met = await _until(condition, seconds)

    def run() -> None:
        assert met, f"not seen within {seconds:g} s"

    report.attempt(behaviour, run)


async def _until(condition: Callable[[], object], seconds: float) -> object:
    deadline = time.monotonic() + seconds
    while not (result := await asyncio.to_thread(condition)) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.1)  # a peer or another process makes the condition true
    return result
