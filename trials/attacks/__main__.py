"""``python -m trials.attacks``: attack a hotline on loopback, a bounded number of times, while citizens call.

Prints a table. The exit code is 0 only if no attack succeeded and no citizen was lost.
"""

import functools
import itertools
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.cli.table import show
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from testkit.hotline.desk_client import DeskClient
from trials.attacks import agi, elsewhere, fraud, hostile_sip, web_port
from trials.attacks.attack_target import AttackTarget, running_target
from trials.attacks.witness import Witness

HOSTILE = 20_000  # requests; also the number of FastAGI peers
FLOOD = 10_000  # INVITEs
GUESSES = 3_000  # passwords of one seat
SEED = 12345
STRANGER = "127.0.0.9"  # the address of neither carrier nor seat
_TOOLS = Path(sys.executable).parent


@dataclass
class Attack:
    """One attack: its name, the number of tries, its steps, and the function that returns its result at the end."""

    name: str
    tries: int
    steps: Callable[[AttackTarget], Iterator[None]]
    result: Callable[[AttackTarget], tuple[bool, str]]


def main(*name_parts: str) -> int:
    """Run the attacks in turn: all, or those whose names contain one of the given words."""
    rows, good = [], True
    for attack in (attack for attack in ATTACKS if not name_parts or any(word in attack.name for word in name_parts)):
        began = time.monotonic()
        with running_target() as target:  # each attack has a new hotline
            first_processes = target.processes
            witness = Witness(target.phones, target.carrier, target.agent)
            witness.watch(attack.steps(target), functools.partial(_print_result, attack.name, began))
            held, words = attack.result(target)
            alive = target.processes == first_processes
            errors = target.errors()
        held = held and alive and not witness.lost and not errors
        good = good and held
        words += "" if alive else "; a process was restarted"
        words += f"; {len(errors)} errors logged: {errors[0]}" if errors else ""
        calls, lost = len(witness.answer_delays) + len(witness.lost), len(witness.lost)
        rows.append(
            (attack.name, str(attack.tries), f"{time.monotonic() - began:.0f} s", words, str(calls), str(lost),
             witness.answer_times(), "held" if held else "NOT HELD")
        )  # fmt: skip
        print("\r\033[K", end="", file=sys.stderr)
        for lost in witness.lost:
            print(lost, file=sys.stderr)
    if not name_parts:
        closed, row = _from_elsewhere()
        rows.append(row)
        good = good and closed
    show(
        ("attack", "tries", "took", "result", "calls meanwhile", "lost", "answered in (median / slowest)", ""),
        rows,
    )
    return 0 if good else 1


def _print_result(name: str, began: float) -> None:
    _progress(name, int(time.monotonic() - began))


@functools.cache
def _progress(name: str, seconds: int) -> None:
    """Print the seconds of an attack; the cache keeps a line from being printed twice."""
    print(f"\r\033[K{name}: {seconds} s", end="", file=sys.stderr, flush=True)


_strangers: list[hostile_sip.Stranger] = []


def _stranger(target: AttackTarget) -> hostile_sip.Stranger:
    _strangers.append(hostile_sip.Stranger(STRANGER, target.hotline.server))
    return _strangers[-1]


def _hostile_sip(target: AttackTarget) -> Iterator[None]:
    stranger = _stranger(target)
    datagrams = hostile_sip.requests(SEED, target.hotline.server, stranger.address)
    return stranger.send(itertools.islice(datagrams, HOSTILE), 700)


def _flood(target: AttackTarget) -> Iterator[None]:
    stranger = _stranger(target)
    return stranger.send(
        hostile_sip.invites(target.hotline.server, stranger.address, itertools.repeat("12345", FLOOD)), 500
    )


def _answers(target: AttackTarget) -> tuple[bool, str]:
    stranger = _strangers.pop()
    stranger.close()
    codes = ", ".join(f"{count} × {code or 'no answer line'}" for code, count in sorted(stranger.answers.items()))
    accepted = sum(count for code, count in stranger.answers.items() if code in {"180", "183", "200"})
    return accepted == 0 and _no_unexpected_call(target), f"{accepted} accepted; answers: {codes or 'none'}"


def _idle(target: AttackTarget) -> Iterator[None]:
    return agi.idle(hotline_facts.read(Home(target.hotline.home).hotline).fastagi_port)


def _babble(target: AttackTarget) -> Iterator[None]:
    return agi.babble(hotline_facts.read(Home(target.hotline.home).hotline).fastagi_port, HOSTILE, SEED)


def _no_call_resulted(target: AttackTarget) -> tuple[bool, str]:
    return _no_unexpected_call(target), "no call resulted"


def _guess(target: AttackTarget) -> Iterator[None]:
    host, port = target.hotline.server.split(":")
    with (target.hotline.home.parent / "guesses.txt").open("wb") as output:
        tool = subprocess.Popen(
            [_TOOLS / "sipvicious_svcrack", "-u", "8003", "-r", f"1-{GUESSES}", "-p", port, "-b", "127.0.0.1", host],
            stdout=output, stderr=output, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            until = time.monotonic() + 120
            while tool.poll() is None and time.monotonic() < until:
                yield
        finally:
            tool.kill()
            tool.wait()


def _guessed(target: AttackTarget) -> tuple[bool, str]:
    output = (target.hotline.home.parent / "guesses.txt").read_text(encoding="utf-8", errors="replace")
    log = (target.hotline.home / "log" / "security").read_text(encoding="utf-8", errors="replace")
    failed = log.count("ChallengeResponseFailed") + log.count("InvalidPassword")
    return (
        "found nothing" in output and failed > 0,
        f"no password found; {failed} failures in log/security for fail2ban",
    )


def _fraud(target: AttackTarget) -> Iterator[None]:
    yield from fraud.run_calls(fraud.by_citizens(target.carrier, 600), at_once=12)
    yield from fraud.run_calls(fraud.by_a_seat(target.captured, 370), at_once=4)
    # To a line with an expert, because the pooled agent takes the citizens' calls.
    expert = target.seat("8333", signs_in=False, behaviour="answers", calls=4)
    yield from fraud.by_transfer(target.captured, "12333", expert, 30)


_web_answers: list[str] = []


def _person(target: AttackTarget) -> str:
    """Add a person, sign the person in at the desk, and clear the earlier answers; return the session's cookie."""
    _web_answers.clear()
    password = target.hotline.ask(
        "administer", act="people.add", by="attacks",
        args={"user": web_port.USER, "name": web_port.USER, "roles": ["agent"], "seat": "8003", "password": None},
    )  # fmt: skip
    client = DeskClient(target.hotline.desk)
    deadline = time.monotonic() + 30
    while True:
        try:
            client.sign_in(web_port.USER, password)
            break
        except OSError:  # because `ready:` does not wait for the desk
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    client.api("POST", "/session/password", {"old": password, "new": web_port.PASSWORD})
    client.sign_in(web_port.USER, web_port.PASSWORD)
    return client.cookie


def _web_guess(target: AttackTarget) -> Iterator[None]:
    _person(target)
    return web_port.guess(target.hotline.desk, _web_answers)


def _web_requests(target: AttackTarget) -> Iterator[None]:
    cookie = _person(target)
    return web_port.requests(target.hotline.desk, cookie, SEED, _web_answers)


def _web_fixate(target: AttackTarget) -> Iterator[None]:
    _person(target)
    return web_port.fixate(target.hotline.desk, _web_answers)


def _web_texts(target: AttackTarget) -> Iterator[None]:
    cookie = _person(target)
    return web_port.hostile_texts(target.hotline.desk, cookie, SEED, _web_answers)


def _web_slow(target: AttackTarget) -> Iterator[None]:
    _person(target)
    return web_port.slow_and_huge(target.hotline.desk, _web_answers)


def _web_idle(target: AttackTarget) -> Iterator[None]:
    _person(target)
    return web_port.idle(target.hotline.desk, _web_answers)


def _web_flood(target: AttackTarget) -> Iterator[None]:
    cookie = _person(target)
    return web_port.flood(target.hotline.desk, cookie, _web_answers)


def _web_held(_here: AttackTarget) -> tuple[bool, str]:
    counts = Counter(_web_answers)
    words = ", ".join(f"{count} × {word}" for word, count in sorted(counts.items()))
    return bool(counts) and not {"in", "LEAK", "5xx", "no page"} & counts.keys(), words


def _no_call_out(target: AttackTarget) -> tuple[bool, str]:
    out = [invite.called for invite in target.carrier.unexpected]
    return _no_unexpected_call(target), f"{len(out)} calls out {' '.join(out[:3])}".rstrip()


def _no_unexpected_call(target: AttackTarget) -> bool:
    return not target.carrier.unexpected


def _from_elsewhere() -> tuple[bool, tuple[str, ...]]:
    """Try every TCP port of a hotline that is open to phones on a network, from another host of that network."""
    name, tries = "every TCP port, from another host", "65535"
    if not elsewhere.possible():
        return True, (name, tries, "", "not tried: needs root and the command ip", "", "", "", "")
    began = time.monotonic()
    with elsewhere.another_host() as host:
        before = elsewhere.open_tcp_ports(host)
        with running_target(elsewhere.OWN_ADDRESS):
            opened = elsewhere.open_tcp_ports(host) - before
    took, held = f"{time.monotonic() - began:.0f} s", "NOT HELD" if opened else "held"
    return not opened, (name, tries, took, f"open: {', '.join(map(str, sorted(opened))) or 'none'}", "", "", "", held)


ATTACKS = (
    Attack("hostile SIP requests", HOSTILE, _hostile_sip, _answers),
    Attack("INVITE flood from a stranger", FLOOD, _flood, _answers),
    Attack("passwords guessed (SIPVicious)", GUESSES, _guess, _guessed),
    Attack("FastAGI: silent connections", agi.IDLE, _idle, _no_call_resulted),
    Attack("FastAGI: hostile peers", HOSTILE, _babble, _no_call_resulted),
    Attack("toll fraud", 1_000, _fraud, _no_call_out),
    Attack("web: passwords guessed", web_port.GUESSES, _web_guess, _web_held),
    Attack("web: planted cookies", web_port.PLANTED, _web_fixate, _web_held),
    Attack("web: hostile texts", web_port.TEXTS, _web_texts, _web_held),
    Attack("web: slow and huge requests", web_port.SLOW + web_port.HUGE, _web_slow, _web_held),
    Attack("web: other sites' requests, paths, bodies", web_port.REQUESTS, _web_requests, _web_held),
    Attack("web: silent sockets", web_port.IDLE, _web_idle, _web_held),
    Attack("web: WebSocket flood", web_port.FLOOD, _web_flood, _web_held),
)

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
