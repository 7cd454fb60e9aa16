"""One matter from the telephone to its end: message, work order, unit, answer, 回访, "not solved", again, closed.

Each step is seen in the work order, and at a platform that is as strict as those of provinces.
"""

from typing import Any

from ivr.texts import _
from testkit.hotline.heard_prompts import has_heard
from testkit.phones import Center
from trials.demo.demo_call import DemoCall

_UNIT = "市人社局"
SUPERVISOR = {"name": "li", "role": "supervisor"}
_HANDLER = {"name": "zhang", "role": "unit", "unit": _UNIT}
_ACTS = (
    *("open", "receive", "dispatch", "accept", "answer", "approve", "try-follow-up"),
    *("dispute", "accept", "answer", "approve", "try-follow-up", "follow-up"),
)


def follow_the_matter(story: DemoCall, order: str) -> None:
    """Lead a work order that came of a message to its end."""
    home = story.stage.carrier.center(story.caller, name=_("the citizen's telephone"), answers=False)
    _act(story, order, "receive", SUPERVISOR, kind="help", **{"class": "labour"})
    _act(story, order, "dispatch", SUPERVISOR, unit=_UNIT)
    _answer(story, order, "已责成单位补发")
    _asked(story, home, "2", "5")
    _reaches(story, order, "dispatched", _("the work order is opened again, because it was not solved"))
    _answer(story, order, "工资已到账")
    _asked(story, home, "1", "1")
    _reaches(story, order, "closed", _("the work order is closed"))
    _seen_at_the_platform(story, order)


def _act(story: DemoCall, order: str, act: str, actor: dict[str, str], **fields: object) -> None:
    done = story.stage.hotline.ask("order-act", actor=actor, order=order, act=act, fields=fields)
    done_act = _("{act}: work order {order} is {state} now").format(act=act, order=order, state=done["state"])
    story.narrator.tell(actor.get("unit") or actor["name"], done_act)


def _answer(story: DemoCall, order: str, answer: str) -> None:
    _act(story, order, "accept", _HANDLER)
    _act(story, order, "answer", _HANDLER, answer=answer)
    _act(story, order, "approve", SUPERVISOR)


def _asked(story: DemoCall, home: Center, solved: str, grade: str) -> None:
    """Let the hotline call the citizen, who answers both questions by key."""
    story.until(lambda: home.ringing, 60, _("the hotline calls the citizen"))
    call = home.call
    call.answer()
    for prompt, key in (("follow-up-ask", solved), ("follow-up-rate", grade)):
        story.until(lambda prompt=prompt: has_heard(call, prompt), 20, prompt)  # type: ignore[misc]
        story.presses(call, key)
    story.until(lambda: call.ended, 30, _("the hotline says thank you and hangs up"))


def _order(story: DemoCall, order: str) -> dict[str, Any]:
    found: dict[str, Any] = story.stage.hotline.ask("order", actor=SUPERVISOR, order=order)["order"]
    return found


def _reaches(story: DemoCall, order: str, state: str, saying: str) -> None:
    story.until(lambda: _order(story, order)["state"] == state, 20, saying)
    story.narrator.tell("", saying)


def _seen_at_the_platform(story: DemoCall, order: str) -> None:
    platform = story.stage.province

    def acts() -> tuple[str, ...]:
        return tuple(each["body"]["data"]["act"] for each in platform.taken if each["key"] == order)

    story.until(lambda: len(acts()) >= len(_ACTS), 20, _("the platform was told of every act"))
    story.expect(_("the acts at the platform"), _ACTS, acts())
    call = _order(story, order)["call_id"]
    story.until(lambda: any(each["key"] == call for each in platform.taken), 20, _("the platform was told of the call"))
    asked = [each["body"]["data"] for each in platform.taken if each["object"] == "follow-ups"]
    solved = [each["solved"] for each in asked if each["reached"]]
    story.expect(_("the follow-ups at the platform"), [False, True], solved)
    story.expect(_("what the platform refused"), [], platform.refused)
