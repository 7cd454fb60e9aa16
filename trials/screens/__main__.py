"""``python -m trials.screens``: makes the pictures of docs/desk.md, in ``docs/images``, of a hotline with calls."""

import tempfile
from pathlib import Path

from testkit.desk_page import DeskPage, chromium_running
from testkit.hotline.running import ROOT, RunningHotline, registry
from testkit.phones import Carrier, Phones, SeatPhone

IMAGES = ROOT / "docs" / "images"
PASSWORD = "a password of the own 7"
AGENT, BOSS, OTHERS = "8001", "8004", ("8002", "8003")
NAMES = {AGENT: ("wang", "王芳", "agent"), BOSS: ("li", "李强", "supervisor")}


def main() -> None:
    """Make every picture."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Phones(Path(folder)) as phones:
        carrier = Carrier(phones)
        with RunningHotline(carrier.address, _numbers(), with_desk=True) as hotline:
            carrier.hotline = hotline.server
            with chromium_running(phones.tone_file(phones.free_tone("page"))) as browser:
                agent, boss = (_person(DeskPage(browser, hotline.desk), hotline, seat) for seat in (AGENT, BOSS))
                _pictures(phones, carrier, hotline, agent, boss)
                _admin(hotline, DeskPage(browser, hotline.desk))
            phones.reset()


def _admin(hotline: RunningHotline, desk: DeskPage) -> None:
    """A line with a mistake, in the form."""
    made = hotline.ask(
        "administer", what="people.add", by="screens",
        args={"user": "chen", "name": "陈静", "roles": ["admin"], "seat": "", "password": None},
    )  # fmt: skip
    desk.open()
    desk.log_in("chen", made)
    desk.choose_password(made, PASSWORD)
    desk.page.goto(f"https://{hotline.desk}/admin/registry")
    desk.page.get_by_role("button", name="修改 12313").click()
    desk.page.fill("dialog label:text-is('经中继拨出号码') + input", "8001")
    desk.button("保存到草稿").click()
    desk.page.wait_for_selector("dialog [aria-invalid=true]")
    desk.page.screenshot(path=IMAGES / "desk-admin.png")


def _numbers() -> dict[str, object]:
    """The shipped registry with one supervisor."""
    shipped = registry()
    seats = [{**seat, "supervisor": True} if seat["number"] == BOSS else seat for seat in shipped["seats"]]
    return {**shipped, "seats": seats}


def _person(desk: DeskPage, hotline: RunningHotline, seat: str) -> DeskPage:
    user, name, role = NAMES[seat]
    made = hotline.ask(
        "administer", what="people.add", by="screens",
        args={"user": user, "name": name, "roles": [role], "seat": seat, "password": None},
    )  # fmt: skip
    desk.open()
    desk.log_in(user, made)
    desk.choose_password(made, PASSWORD)
    return desk


def _pictures(phones: Phones, carrier: Carrier, hotline: RunningHotline, agent: DeskPage, boss: DeskPage) -> None:
    carrier.center("12313", name="center")
    agent.sign_in_here()
    carrier.call("12333", "13807350001")
    phones.until(lambda: agent.shows(".ringing .acts"), 60, "the page rings")
    agent.page.screenshot(path=IMAGES / "desk-rings.png")
    agent.page.keyboard.press("F2")
    phones.until(lambda: "保持" in agent.text(".in-call .acts"), 20, "the call is answered")
    agent.page.fill("textarea", "社保卡丢失，询问补办地点和所需材料。")
    agent.page.keyboard.press("F6")
    agent.page.wait_for_selector("dialog[open]")
    agent.page.keyboard.type("12313")
    agent.page.wait_for_selector("#reach-12313[aria-selected=true]")
    agent.page.keyboard.press("Enter")
    phones.until(lambda: agent.shows(".acts.consult"), 30, "the center is consulted")
    phones.until(lambda: "已保存" in agent.text(".notes"), 20, "the note is saved")
    agent.page.screenshot(path=IMAGES / "desk-consult.png")

    for seat in OTHERS:
        phone = SeatPhone(phones, seat, hotline.password(seat), hotline.server, behaviour="answers").register()
        signing_in = phone.dial("*81")
        phones.until(lambda call=signing_in: call.ended, 20, "the seat is signed in")
    for number, caller in {"12331": "13907350002", "12315": "15107350003", "12369": "18607350004"}.items():
        carrier.call(number, caller)
    boss.page.goto(f"https://{hotline.desk}/supervisor")
    phones.until(lambda: boss.shows(".supervisor-page tr.waiting"), 60, "a caller waits")
    boss.page.screenshot(path=IMAGES / "desk-supervisor.png", full_page=True)
    boss.page.goto(f"https://{hotline.desk}/wall")
    boss.page.wait_for_selector(".figure")
    boss.page.wait_for_selector(".curve")
    boss.page.screenshot(path=IMAGES / "desk-wall.png")


main()
