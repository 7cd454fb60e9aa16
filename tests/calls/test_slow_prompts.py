"""慢速: the caller hears the slow copies of the prompts, and the wait for a key is twice as long."""

from pathlib import Path

import pytest

from ivr.asterisk.config.render import SLOW_LANGUAGE
from ivr.prompts.slow import TEMPO
from testkit.hotline.desk import hang_up, recorded, staff
from testkit.hotline.heard_prompts import audio, has_heard
from testkit.hotline.quick_registry import QUICK
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones
from testkit.phones.tones import RATE, Samples, Search, read_wav


def slow_audio(hotline: RunningHotline, prompt: str) -> Samples:
    return read_wav(Path(hotline.home) / "share" / "sounds" / SLOW_LANGUAGE / f"{prompt}.wav")


def test_the_slow_key_brings_the_menu_slowly_and_then_an_agent(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    (agent,) = staff(seat, "8001")
    citizen = carrier.call("12345", "13800000001")
    phones.until(lambda: has_heard(citizen, "opening"), 10, "the opening is heard")
    citizen.keys("9")
    phones.until(lambda: agent.ringing, 40, "after silence behind the slow menu, an agent's phone rings")
    rung = citizen.heard.seconds
    search = Search(citizen.heard.samples)
    (menu,) = search.times_of(slow_audio(hotline, "menu-main"))
    menu_lasts = len(audio("menu-main")) / RATE / TEMPO  # at normal pace 1.9 s less
    notice_lasts = len(audio("recorded")) / RATE  # the key interrupted it in the opening
    assert rung - menu == pytest.approx(menu_lasts + 2 * QUICK["menu"] + notice_lasts, abs=1.5)
    hang_up(phones, [citizen])
    (record,) = recorded(phones, hotline, 1)
    assert record["path"] == "main:9/main:silence"


def test_another_caller_at_the_same_time_hears_prompts_at_normal_pace(
    phones: Phones, carrier: Carrier, hotline: RunningHotline
) -> None:
    slow, other = (carrier.call("12345", f"1380000000{n}") for n in (1, 2))
    phones.until(lambda: has_heard(slow, "opening"), 10, "the opening is heard")
    slow.keys("9")
    phones.until(lambda: has_heard(other, "menu-main"), 20, "the other caller hears the menu at normal pace")
    phones.until(
        lambda: Search(slow.heard.samples).times_of(slow_audio(hotline, "menu-main")), 20, "the slow menu is heard"
    )
    hang_up(phones, [slow, other])
