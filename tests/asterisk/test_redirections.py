"""A redirection (SIP 3xx) from a phone or a center is a refusal: each Dial and Queue has the option i."""

import re

from testkit.hotline.running import ROOT

FILES = sorted((ROOT / "dialplans").rglob("*.conf*")) + sorted((ROOT / "ivr").rglob("*.py"))
DIAL = re.compile(r"[,=]Dial\(PJSIP/[^,]*?,[^,]*,([A-Za-z]*)")
QUEUE = re.compile(r",Queue\([^,]*,([A-Za-z]*)")


def test_no_dial_and_no_queue_follows_a_redirection() -> None:
    count = 0
    for file in (file for file in FILES if file.suffix != ".py"):
        for line in file.read_text(encoding="utf-8").splitlines():
            plain = re.sub(r"\$\{FILTER\([^)]*\)\}", "number", line)
            for options in DIAL.findall(plain) + QUEUE.findall(plain):
                count += 1
                assert "i" in options, f"{file.name}: {line}"
    assert count >= 6


def test_no_originate_rings_a_phone_by_itself() -> None:
    """Originate has no option i, so it calls a Local channel whose Dial has the option."""
    count = 0
    for file in (file for file in FILES if file.suffix == ".py"):
        text = file.read_text(encoding="utf-8")
        for place in re.finditer(r'"Originate"', text):
            count += 1
            assert not re.search(r'Channel=f?"PJSIP/|Channel=phone', text[place.start() : place.start() + 200]), file
    assert count
