"""``python -m trials.screens [FOLDER]``: makes the pictures of docs/desk.md, in ``docs/images``, while calls are up.

With a folder, it puts more pictures there for inspection: each view, and some views that the document does not show,
at 1366×768, in dark colours with the largest letters, in English, and at 4K. It prints the time and size of the first
view.
"""

import sys
import tempfile
from pathlib import Path

from testkit.desk_page import DeskPage, chromium_running
from testkit.hotline.running import ROOT, RunningHotline, registry
from testkit.phones import Carrier, Phones, SeatPhone

IMAGES = ROOT / "docs" / "images"
PASSWORD = "a password of the own 7"
AGENT, SUPERVISOR, OTHER_SEATS = "8001", "8004", ("8002", "8003")
NAMES = {AGENT: ("wang", "王芳", "agent"), SUPERVISOR: ("li", "李强", "supervisor")}


# Width and height in pixels, colours, letters.
_VIEWS = {
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
_view_folders: list[Path] = []  # the folder, if one was named


def main(*folders: str) -> None:
    """Make every picture."""
    _view_folders.extend(map(Path, folders))
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Phones(Path(folder)) as phones:
        carrier = Carrier(phones)
        with RunningHotline(carrier.address, _numbers(), with_desk=True) as hotline:
            carrier.hotline = hotline.server
            with chromium_running(phones.tone_file(phones.free_tone("page"))) as browser:
                agent, supervisor = (
                    _person(DeskPage(browser, hotline.desk), hotline, seat) for seat in (AGENT, SUPERVISOR)
                )
                _pictures(phones, carrier, hotline, agent, supervisor)
                _admin(hotline, DeskPage(browser, hotline.desk))
            phones.reset()


def _take(desk: DeskPage, name: str, *, full_page: bool = False) -> None:
    desk.page.screenshot(path=IMAGES / f"desk-{name}.png", full_page=full_page)
    _take_views(desk, name)


def _take_views(desk: DeskPage, name: str) -> None:
    """Take the page in each size and colour, if a folder was named."""
    for folder in _view_folders:
        folder.mkdir(exist_ok=True)
        for view, (width, height, colours, letters) in _VIEWS.items():
            desk.page.set_viewport_size({"width": width, "height": height})
            root = "({ dataset }, [theme, text]) => Object.assign(dataset, { theme, text })"
            desk.page.locator("html").evaluate(root, [colours, letters])
            desk.page.wait_for_timeout(300)  # charts are drawn again
            desk.page.screenshot(path=folder / f"{name}-{view}.png")
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
        first_page = desk.context.browser.new_context(ignore_https_errors=True).new_page()  # type: ignore[union-attr]
        first_page.goto(f"https://{desk.server}/")
        first_page.wait_for_selector("form")
        painted, size = first_page.evaluate(_FIRST_VIEW)
        print(f"first view: {painted:.0f} ms, {size / 1000:.0f} kB")
        first_page.context.close()


def _admin(hotline: RunningHotline, desk: DeskPage) -> None:
    """A line with a mistake, in the form."""
    password = hotline.ask(
        "administer", act="people.add", by="screens",
        args={"user": "chen", "name": "陈静", "roles": ["admin"], "seat": "", "password": None},
    )  # fmt: skip
    desk.open()
    desk.log_in("chen", password)
    desk.choose_password(password, PASSWORD)
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
        _take_views(desk, f"admin-{place}")


def _numbers() -> dict[str, object]:
    """The shipped registry with one supervisor."""
    shipped = registry()
    seats = [{**seat, "supervisor": True} if seat["number"] == SUPERVISOR else seat for seat in shipped["seats"]]
    return {**shipped, "seats": seats}


def _person(desk: DeskPage, hotline: RunningHotline, seat: str) -> DeskPage:
    user, name, role = NAMES[seat]
    password = hotline.ask(
        "administer", act="people.add", by="screens",
        args={"user": user, "name": name, "roles": [role], "seat": seat, "password": None},
    )  # fmt: skip
    desk.open()
    desk.log_in(user, password)
    desk.choose_password(password, PASSWORD)
    return desk


def _pictures(phones: Phones, carrier: Carrier, hotline: RunningHotline, agent: DeskPage, supervisor: DeskPage) -> None:
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

    for seat in OTHER_SEATS:
        phone = SeatPhone(phones, seat, hotline.password(seat), hotline.server, behaviour="answers").register()
        signing_in = phone.dial("*81")
        phones.until(lambda call=signing_in: call.ended, 20, "the seat is signed in")
    for number, caller in {"12331": "13907350002", "12315": "15107350003", "12369": "18607350004"}.items():
        carrier.call(number, caller)
    supervisor.page.goto(f"https://{hotline.desk}/supervisor")
    phones.until(lambda: supervisor.shows(".supervisor-page tr.waiting"), 60, "a caller waits")
    _take(supervisor, "supervisor", full_page=True)
    supervisor.page.goto(f"https://{hotline.desk}/wall")
    supervisor.page.wait_for_selector(".figure")
    supervisor.page.wait_for_selector(".curve")
    _take(supervisor, "wall")
    for place in ("reports", "orders", "knowledge"):
        supervisor.page.goto(f"https://{hotline.desk}/{place}")
        supervisor.page.wait_for_load_state("networkidle")
        _take_views(supervisor, place)
    agent.page.keyboard.press("F7")
    agent.page.keyboard.press("F10")
    phones.until(lambda: agent.shows(".results .choice"), 30, "the call is over")
    _take_views(agent, "after")
    _first_view(supervisor)


if __name__ == "__main__":
    main(*sys.argv[1:])
