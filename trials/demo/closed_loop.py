"""One matter from the telephone to its end: call, work order, unit, answer, 回访, "not solved", again, closed.

Each step is done in a page or by telephone, and is then seen in the work order, in the supervisor's page, and at a
platform that is as strict as those of provinces.
"""

from typing import Any

from ivr.texts import _
from testkit.hotline.heard_prompts import has_heard
from testkit.phones import Center
from trials.demo.demo_call import DemoCall
from trials.demo.order_pages import OrderPages, order_pages

SUPERVISOR = {"name": "li", "role": "supervisor"}
_UNIT, _MATTER = "市人社局", "工资三个月没发"
_OPEN = ("open", "receive", "dispatch")
_ANSWERED = ("accept", "answer", "approve", "try-follow-up")
_STATES = {"dispatched": "待签收", "answered": "答复审核", "follow-up": "待回访", "closed": "已办结"}


def closed_loop(story: DemoCall) -> None:
    """12345: a citizen's call becomes a work order, which is answered, opened again, and closed."""
    with order_pages(story, _UNIT) as pages:
        order = _work_order_from_call(story, pages)
        telephone = story.stage.carrier.center(story.caller, name=_("the citizen's telephone"), answers=False)
        acts = [*_OPEN]
        _expect_everywhere(story, pages, order, acts, "dispatched")
        for answer, solved, grade, act, state in (
            ("已责成单位补发", "2", "5", "dispute", "dispatched"),
            ("工资已到账", "1", "1", "follow-up", "closed"),
        ):
            _unit_answers(pages, order, answer)
            _expect_everywhere(story, pages, order, [*acts, "accept", "answer"], "answered")
            pages.supervisor.presses("审核通过")
            pages.supervisor.fills_in({"text": "同意"})
            pages.supervisor.shows(order, _STATES["follow-up"])
            _citizen_answers_follow_up(story, telephone, solved, grade)
            acts += [*_ANSWERED, act]
            _expect_everywhere(story, pages, order, acts, state)
        _platform_has_the_call(story, order)
        story.expect(_("errors in the desk's pages"), [], [*pages.unit.desk.faults, *pages.supervisor.desk.faults])


def _work_order_from_call(story: DemoCall, pages: OrderPages) -> str:
    """The agent answers, and makes the work order while the citizen talks; return its number."""
    agent, desk = story.stage.agent, pages.agent.desk
    citizen = story.citizen_dials("12345")
    story.hears(citizen, "opening")
    story.presses(citizen, "1")
    call = story.rings(agent, shows="12345 12345政务服务便民热线 反映问题")
    story.answers(agent)
    story.hear_each_other(citizen, call)
    story.until(lambda: desk.shows(".in-call .acts"), 30, _("the agent's page shows the call"))
    desk.page.keyboard.press("F9")
    desk.page.fill("dialog [name=title]", _MATTER)
    suggested = lambda: desk.page.input_value("dialog [name=unit]") == _UNIT  # noqa: E731
    story.until(suggested, 30, _("the page suggests {unit}").format(unit=_UNIT))
    pages.agent.presses("受理并派单")
    story.until(lambda: "待签收" in desk.text(".toasts"), 30, _("the work order is with the unit"))
    story.hangs_up(citizen, call)
    record = story.record(outcome="answered", seat="8001", path="main:1")
    [order] = story.stage.hotline.ask("orders", actor=SUPERVISOR, wanted={"call_id": record["call_id"]})
    story.narrator.add("", _("work order {id}").format(id=order["order"]))
    return str(order["order"])


def _unit_answers(pages: OrderPages, order: str, answer: str) -> None:
    pages.unit.shows(order, _STATES["dispatched"])
    pages.unit.presses("签收")
    pages.unit.shows(order, "办理中")
    pages.unit.presses("答复")
    pages.unit.fills_in({"answer": answer})


def _citizen_answers_follow_up(story: DemoCall, telephone: Center, solved: str, grade: str) -> None:
    """Let the hotline call the citizen, who answers both questions by key."""
    story.until(lambda: telephone.ringing, 60, _("the hotline calls the citizen"))
    call = telephone.call
    call.answer()
    for prompt, key in (("follow-up-ask", solved), ("follow-up-rate", grade)):
        story.until(lambda prompt=prompt: has_heard(call, prompt), 20, prompt)  # type: ignore[misc]
        story.presses(call, key)
    story.until(lambda: call.ended, 30, _("the hotline says thank you and hangs up"))


def _order(story: DemoCall, order: str) -> dict[str, Any]:
    work_order: dict[str, Any] = story.stage.hotline.ask("order", actor=SUPERVISOR, order=order)["order"]
    return work_order


def _expect_everywhere(story: DemoCall, pages: OrderPages, order: str, acts: list[str], state: str) -> None:
    """See the state of the work order in its record, in the supervisor's page, and at the platform."""
    platform = story.stage.province

    def acts_at_platform() -> list[dict[str, Any]]:
        return [message["body"]["data"] for message in platform.taken if message["key"] == order]

    story.until(lambda: _order(story, order)["state"] == state, 30, _("work order {order} is {state} now").format(
        order=order, state=state))  # fmt: skip
    pages.supervisor.shows(order, _STATES[state])
    story.until(lambda: len(acts_at_platform()) >= len(acts), 30, _("the platform gets every act"))
    story.expect(
        _("the acts at the platform"),
        (acts, state),
        ([message["act"] for message in acts_at_platform()], acts_at_platform()[-1]["state"]),
    )
    story.narrator.tell(_("the platform"), ", ".join(acts))


def _platform_has_the_call(story: DemoCall, order: str) -> None:
    """The platform has the call and the citizen's answers in both follow-ups."""
    platform, call = story.stage.province, _order(story, order)["call_id"]
    story.until(
        lambda: any(message["key"] == call for message in platform.taken), 30, _("the platform gets the call record")
    )
    follow_ups = [message["body"]["data"] for message in platform.taken if message["object"] == "follow-ups"]
    solved = [message["solved"] for message in follow_ups if message["reached"]]
    story.expect(_("the follow-ups at the platform"), [False, True], solved)
    story.expect(_("messages that the platform refused"), [], platform.refused)
