"""``python -m trials.screens [FOLDER]``: makes the pictures of docs/desk.md, in ``docs/images``, while calls are up.

With a folder, each view, and some that the document does not show, is taken there as well at 1366×768, in the dark with
the largest letters, in English, and at 4K, to be looked at; and the time and size of the first view are printed.
"""

import sys
import tempfile
from pathlib import Path

from testkit.desk_page import DeskPage, chromium_running
from testkit.hotline.running import ROOT, RunningHotline, registry
from testkit.phones import Carrier, Phones, SeatPhone

IMAGES = ROOT / "docs" / "images"
PASSWORD = "a password of the own 7"
AGENT, BOSS, OTHERS = "8001", "8004", ("8002", "8003")
NAMES = {AGENT: ("wang", "王芳", "agent"), BOSS: ("li", "李强", "supervisor")}


# Width and height in pixels, colours, letters.
_LOOKS = {
    "1366": (1366, 768, "light", "normal"),
    "dark": (1366, 768, "dark", "largest"),
    "4k": (3840, 2160, "light", "normal"),
    "4k-dark": (3840, 2160, "dark", "normal"),
}
_FIRST_VIEW = """() => {
  const parts = performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"));
  const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  return [painted, parts.reduce((sum, part) => sum + part.transferSize, 0)];
}"""
# Behind an open dialog, too, where a click cannot reach the menu of languages.
_SPEAK = """(language) => {
  const choice = document.querySelector(".settings select");
  choice.value = language;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
}"""
_looked_at: list[Path] = []  # the folder, if one was named


def main(*folders: str) -> None:
    """Make every picture."""
    _looked_at.extend(map(Path, folders))
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


def _take(desk: DeskPage, name: str, *, full_page: bool = False) -> None:
    desk.page.screenshot(path=IMAGES / f"desk-{name}.png", full_page=full_page)
    _look(desk, name)


def _look(desk: DeskPage, name: str) -> None:
    """Take a view in each look, if a folder was named."""
    for folder in _looked_at:
        folder.mkdir(exist_ok=True)
        for look, (width, height, colours, letters) in _LOOKS.items():
            desk.page.set_viewport_size({"width": width, "height": height})
            root = "({ dataset }, [theme, text]) => Object.assign(dataset, { theme, text })"
            desk.page.locator("html").evaluate(root, [colours, letters])
            desk.page.wait_for_timeout(300)  # charts are drawn again
            desk.page.screenshot(path=folder / f"{name}-{look}.png")
        desk.page.set_viewport_size({"width": 1366, "height": 768})
        desk.page.locator("html").evaluate(root, ["light", "normal"])
        for language in ("en", "zh"):
            desk.page.evaluate(_SPEAK, language)
            desk.page.wait_for_timeout(300)
            if language == "en":
                desk.page.screenshot(path=folder / f"{name}-en.png")


def _first_view(desk: DeskPage) -> None:
    """Print how long the first view of a fresh browser takes, and its size."""
    for _ in range(5):
        fresh = desk.context.browser.new_context(ignore_https_errors=True).new_page()  # type: ignore[union-attr]
        fresh.goto(f"https://{desk.server}/")
        fresh.wait_for_selector("form")
        painted, size = fresh.evaluate(_FIRST_VIEW)
        print(f"first view: {painted:.0f} ms, {size / 1000:.0f} kB")
        fresh.context.close()


def _admin(hotline: RunningHotline, desk: DeskPage) -> None:
    """A line with a mistake, in the form."""
    made = hotline.ask(
        "administer", act="people.add", by="screens",
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
    _take(desk, "admin")
    desk.button("关闭").click()
    for place in ("people", "prompts", "seats", "health"):
        desk.page.goto(f"https://{hotline.desk}/admin/{place}")
        desk.page.wait_for_load_state("networkidle")
        _look(desk, f"admin-{place}")


def _numbers() -> dict[str, object]:
    """The shipped registry with one supervisor."""
    shipped = registry()
    seats = [{**seat, "supervisor": True} if seat["number"] == BOSS else seat for seat in shipped["seats"]]
    return {**shipped, "seats": seats}


def _person(desk: DeskPage, hotline: RunningHotline, seat: str) -> DeskPage:
    user, name, role = NAMES[seat]
    made = hotline.ask(
        "administer", act="people.add", by="screens",
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
    _take(agent, "rings")
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
    _take(agent, "consult")

    for seat in OTHERS:
        phone = SeatPhone(phones, seat, hotline.password(seat), hotline.server, behaviour="answers").register()
        signing_in = phone.dial("*81")
        phones.until(lambda call=signing_in: call.ended, 20, "the seat is signed in")
    for number, caller in {"12331": "13907350002", "12315": "15107350003", "12369": "18607350004"}.items():
        carrier.call(number, caller)
    boss.page.goto(f"https://{hotline.desk}/supervisor")
    phones.until(lambda: boss.shows(".supervisor-page tr.waiting"), 60, "a caller waits")
    _take(boss, "supervisor", full_page=True)
    boss.page.goto(f"https://{hotline.desk}/wall")
    boss.page.wait_for_selector(".figure")
    boss.page.wait_for_selector(".curve")
    _take(boss, "wall")
    for place in ("reports", "orders", "knowledge"):
        boss.page.goto(f"https://{hotline.desk}/{place}")
        boss.page.wait_for_load_state("networkidle")
        _look(boss, place)
    agent.page.keyboard.press("F7")
    agent.page.keyboard.press("F10")
    phones.until(lambda: agent.shows(".results .choice"), 30, "the call is over")
    _look(agent, "after")
    _first_view(boss)


if __name__ == "__main__":
    main(*sys.argv[1:])
