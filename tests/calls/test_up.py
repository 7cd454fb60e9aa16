"""``ivr up``: its processes, its stop, and its restart after a kill."""

import os
import re
import signal
import stat
import urllib.error
import urllib.request

import psutil
import pytest

from ivr.control import control_client
from ivr.runtime import hotline_facts, secrets
from ivr.runtime.layout import Home
from ivr.runtime.privilege import as_service_user
from testkit.hotline.desk import talk, to_the_agents
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.processes import all_ended, asterisk, process_facts, tree
from testkit.hotline.running import RunningHotline, free_udp_port
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import SOUND, Carrier, PhoneCall, Phones, SeatPhone

TIME = r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d  "  # the time in each line of `ivr up`


def wait_for(phones: Phones, agent: SeatPhone, carrier: Carrier, caller: str = "13800000001") -> PhoneCall:
    """Return the call of a caller who talks with the agent."""
    citizen = to_the_agents(phones, carrier, caller)
    phones.until(lambda: agent.ringing, 15, "the agent's phone rings")
    agent.answer()
    talk(phones, citizen, agent)
    return citizen


def answers(hotline: RunningHotline) -> bool:
    """Whether the engine answers."""
    try:
        return bool(hotline.ask("ping") is not None)
    except (control_client.NotRunning, control_client.RequestRefused):
        return False


@pytest.mark.own_hotline
def test_ivr_up_runs_asterisk_and_the_engine_only_and_neither_outlives_it(
    phones: Phones, carrier: Carrier, hotline: RunningHotline
) -> None:
    """No process runs as root, only SIP and RTP ports are open to the outside, and no password can be seen."""
    home = Home(hotline.home)
    printed = hotline.printed.read_text(encoding="utf-8")
    assert re.fullmatch(
        rf"{TIME}no seat is signed in, because the state is new or restored: agents dial \*81\n"
        rf"{TIME}Asterisk \S+; state in {hotline.home}\n{TIME}no speech, callers press keys: HOTLINE_SPEAKERS is 0\n"
        rf"{TIME}ready: sip:12345@{hotline.server}\n",
        printed,
    )
    log = (home.log / "messages").read_text(encoding="utf-8")
    assert not re.search(r"WARNING|ERROR", log), log
    assert not (home.log / "asterisk.out").read_text(encoding="utf-8")

    processes = process_facts(hotline)
    assert len(processes) >= 3
    for process in processes:
        assert 0 not in process["uids"], f"{process['cmdline']} runs as root"
        for connection in process["net_connections"]:
            if connection.type != 2 and connection.status == psutil.CONN_LISTEN:  # not UDP
                assert connection.laddr.ip == "127.0.0.1", f"{process['cmdline']} listens on {connection.laddr}"

    stored = secrets.load(home.secrets)
    secret = {stored.ami_password, stored.events_key, *stored.seat_passwords.values(), *stored.seat_pins.values()}
    shown = " ".join(word for process in processes for word in process["cmdline"])
    shown += home.hotline.read_text(encoding="utf-8") + printed
    assert not secret & set(re.findall(r"\w+", shown)), "a password is in the process list, or on the terminal"
    for path in hotline.home.rglob("*"):
        if not path.is_symlink():
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, f"other users may open {path}"
    _nothing_outlives_a_killed_hotline(phones, carrier, hotline)


class AsServiceUser(RunningHotline):
    """A hotline that is started by another user than root."""

    def command(self) -> list[str]:
        return as_service_user(super().command(), self.home, [self.numbers.parent])


def test_two_hotlines_run_side_by_side_and_one_without_root(
    phones: Phones, carrier: Carrier, hotline: RunningHotline
) -> None:
    with AsServiceUser(carrier.address) as second_hotline:
        assert all(os.geteuid() not in facts["uids"] for facts in process_facts(second_hotline)) or os.geteuid()
        refused = hotline.ivr("up", "--sip", f"127.0.0.1:{free_udp_port()}", "--numbers", str(hotline.numbers))
        assert refused.returncode == 1
        assert refused.stderr == (
            f"a hotline runs in {hotline.home} already; stop it first, or name another folder with --home\n"
        )
        for facts in (hotline, second_hotline):
            carrier.hotline = facts.server
            citizen = carrier.call("12345")
            phones.until(lambda citizen=citizen: citizen.connected and citizen.hears(SOUND), 15, "the call is answered")
            citizen.hang_up()


@pytest.mark.own_hotline
def test_no_thread_of_asterisk_interrupts_the_thread_of_a_call(phones: Phones, hotline: RunningHotline) -> None:
    """Each thread has sched(7)'s SCHED_BATCH, also after a restart; docs/bench.md has what that saves."""
    first = asterisk(hotline)
    phones.until(lambda: _policies(first) == {os.SCHED_BATCH}, 10, "the threads have the policy")
    first.kill()
    phones.until(lambda: _policies_of_asterisk(hotline) == {os.SCHED_BATCH}, 40, "the next Asterisk's threads have it")


def _policies_of_asterisk(hotline: RunningHotline) -> set[int]:
    try:
        return _policies(asterisk(hotline))
    except StopIteration:  # it is not started yet
        return set()


def _policies(process: psutil.Process) -> set[int]:
    try:
        return {os.sched_getscheduler(thread.id) for thread in process.threads()}
    except (psutil.NoSuchProcess, ProcessLookupError):
        return set()


@pytest.mark.own_hotline
def test_calls_in_progress_go_on_when_the_hotline_is_stopped(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    agent = seat("8001", name="agent")
    talking = wait_for(phones, agent, carrier)
    waiting = to_the_agents(phones, carrier, "13800000002")
    phones.until(lambda: hotline.ask("status")["queues"][0]["waiting"] == 1, 10, "a caller waits")
    processes = tree(hotline)
    hotline.process.send_signal(signal.SIGTERM)
    phones.until(
        lambda: "stopping" in hotline.printed.read_text(encoding="utf-8"),
        5,
        "it prints that the hotline is being stopped",
    )
    late = carrier.call("12345", "13800000003", name="late")
    phones.until(
        lambda: has_heard(late, "stopping"), 10, "a new caller hears when to call again, and the emergency numbers"
    )
    assert_every_command_reports_the_stop(hotline)
    phones.until(lambda: late.ended, 15, "a new call is refused")
    assert late.code == 503
    assert not late.was_connected
    assert talking.hears_only(agent)
    assert agent.hears_only(talking)
    talking.hang_up()
    phones.until(lambda: agent.ringing, 15, "the waiting caller is offered to the agent")
    agent.answer()
    talk(phones, waiting, agent)
    waiting.hang_up()
    phones.until(lambda: hotline.process.poll() is not None, 15, "ivr up has ended")
    assert hotline.process.returncode == 0
    assert all_ended(processes)
    log = Home(hotline.home).log
    assert not re.search("WARNING|ERROR", (log / "messages").read_text(encoding="utf-8")), (
        "a planned stop logged a fault"
    )
    assert not re.search('"(ERROR|CRITICAL)"', (log / "engine.log").read_text(encoding="utf-8")), (
        "a planned stop logged a fault"
    )
    assert [record["outcome"] for record in hotline.json("calls")] == ["answered", "answered", "refused"]


def assert_every_command_reports_the_stop(hotline: RunningHotline) -> None:
    """Status, doctor, reload and the health check report that the hotline is being stopped."""
    assert "The hotline is being stopped: new callers are turned away" in hotline.ivr("status").stderr
    assert "it is being stopped: new callers are turned away; calls in progress: " in hotline.ivr("doctor").stdout
    reload = hotline.ivr("reload")
    assert reload.returncode == 1
    assert reload.stderr.startswith("the hotline is being stopped and takes no new calls")
    port = hotline_facts.read(Home(hotline.home).hotline).http_port
    with pytest.raises(urllib.error.HTTPError) as unhealthy:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz")
    assert unhealthy.value.code == 503


@pytest.mark.own_hotline
def test_new_callers_do_not_keep_a_hotline_from_stopping(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    agent = seat("8001", name="agent")
    citizen = wait_for(phones, agent, carrier)
    hotline.process.send_signal(signal.SIGTERM)
    phones.until(
        lambda: "stopping" in hotline.printed.read_text(encoding="utf-8"),
        5,
        "it prints that the hotline is being stopped",
    )
    late = carrier.call("12345", "13800000003", name="late")
    phones.until(lambda: has_heard(late, "stopping"), 10, "a new caller hears the prompt")
    citizen.hang_up()
    phones.until(lambda: late.ended, 5, "the stop does not wait for the end of the prompt")
    phones.until(lambda: hotline.process.poll() is not None, 10, "ivr up has ended")
    assert hotline.process.returncode == 0


@pytest.mark.own_hotline
def test_a_second_signal_ends_the_calls(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    agent = seat("8001", name="agent")
    citizen = wait_for(phones, agent, carrier)
    processes = tree(hotline)
    hotline.process.send_signal(signal.SIGINT)
    phones.until(
        lambda: "stopping" in hotline.printed.read_text(encoding="utf-8"),
        5,
        "it prints that the hotline is being stopped",
    )
    hotline.process.send_signal(signal.SIGINT)
    phones.until(lambda: citizen.ended and agent.call.ended, 5, "the call is ended")
    phones.until(lambda: hotline.process.poll() is not None, 10, "ivr up has ended")
    assert hotline.process.returncode == 0
    assert all_ended(processes)


def _nothing_outlives_a_killed_hotline(phones: Phones, carrier: Carrier, hotline: RunningHotline) -> None:
    processes = tree(hotline)
    hotline.process.kill()
    hotline.process.wait()
    phones.until(lambda: all_ended(processes), 10, "Asterisk and the engine end too")
    hotline.start()
    citizen = carrier.call("12345")
    phones.until(lambda: citizen.connected and citizen.hears(SOUND), 15, "calls are answered again")
