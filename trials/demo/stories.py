"""The calls of the demo, one of each kind, each with its expected course."""

from collections.abc import Callable

from ivr.texts import _
from testkit.phones import SILENCE, SOUND, heard_in
from trials.demo.closed_loop import SUPERVISOR, closed_loop
from trials.demo.demo_call import DemoCall

Telling = Callable[[DemoCall], None]


def sign_in(story: DemoCall) -> None:
    """Three agents sign in from their phones."""
    calls = [story.seat_dials(seat, "*81") for seat in story.stage.seats]
    story.until(lambda: all(call.ended for call in calls), 15, _("every seat is signed in"))
    for call in calls:
        story.check_prompts(call, "seat-signed-in")


def by_key(story: DemoCall) -> None:
    """12345: a key interrupts the opening and leads to the pooled agents."""
    citizen = story.citizen_dials("12345")
    story.hears(citizen, "opening")
    story.presses(citizen, "1")
    call = story.rings(story.stage.agent, shows="12345 12345政务服务便民热线 反映问题")
    story.answers(story.stage.agent)
    story.hear_each_other(citizen, call)
    story.hangs_up(citizen, call)
    story.check_prompts(citizen, *story.opening_of(citizen, "transferring", notice=True))
    story.record(outcome="answered", mode="hotline", path="main:1", queue="general", seat="8001", fallback=None)


def chain(story: DemoCall) -> None:
    """12331 is merged into 12315, which has an expert: one notice, one call."""
    citizen = story.citizen_dials("12331")
    call = story.rings(story.stage.market, shows="12331 全国统一食品药品监督举报服务电话")
    story.answers(story.stage.market)
    story.hear_each_other(citizen, call)
    story.hangs_up(citizen, call)
    story.check_prompts(citizen, "merged-recorded")
    story.record(outcome="answered", mode="merged", line="12315", seat="8315", seat_kind="expert", fallback=None)


def expert(story: DemoCall) -> None:
    """12333: its expert answers first; the pooled agents' phones stay still."""
    earlier_count = len(story.stage.agent.calls)
    citizen = story.citizen_dials("12333")
    call = story.rings(story.stage.labour, shows="12333 全国人力资源和社会保障服务电话")
    story.answers(story.stage.labour)
    story.hear_each_other(citizen, call)
    story.hangs_up(citizen, call)
    story.check_prompts(citizen, "dual-recorded")
    story.expect(_("calls to the pooled agent"), 0, len(story.stage.agent.calls) - earlier_count)
    story.record(outcome="answered", mode="dual", seat="8333", seat_kind="expert", fallback=None)


def expert_absent(story: DemoCall) -> None:
    """12348: none of its experts is signed in; a pooled agent answers, and the phone shows that an expert is needed."""
    citizen = story.citizen_dials("12348")
    call = story.rings(story.stage.agent, shows="12348 全国公共法律服务专用电话 需专家", needs_expert=True)
    story.answers(story.stage.agent)
    story.hear_each_other(citizen, call)
    story.hangs_up(citizen, call)
    story.check_prompts(citizen, "dual-recorded")
    story.record(outcome="answered", mode="dual", seat="8001", seat_kind="general", fallback="expert-away")


def center(story: DemoCall) -> None:
    """12366: the center's own seats, through the carrier."""
    tax = story.stage.carrier.center("12366", name=_("center 12366"), after=1)
    citizen = story.citizen_dials("12366")
    call = story.center_answers(tax)
    story.hear_each_other(citizen, call)
    story.hangs_up(citizen, call)
    story.check_prompts(citizen, "center-connecting")
    story.record(outcome="answered", mode="subcenter", seat="12366", seat_kind="center", fallback=None)


def center_silent(story: DemoCall) -> None:
    """12329: the center does not answer, so a pooled agent does."""
    fund = story.stage.carrier.center("12329", name=_("center 12329"), answers=False)
    citizen = story.citizen_dials("12329")
    story.until(lambda: fund.ringing, 15, _("{who} is called").format(who=fund.name))
    story.narrator.tell(fund.name, _("is called and does not answer"))
    call = story.rings(story.stage.agent, shows="12329 全国统一住房公积金热线服务电话")
    story.answers(story.stage.agent)
    story.hear_each_other(citizen, call)
    story.hangs_up(citizen, call)
    story.check_prompts(citizen, "center-connecting", "center-away", "recorded")
    story.record(outcome="answered", mode="subcenter", seat="8001", seat_kind="general", fallback="center-silent")


def unregistered(story: DemoCall) -> None:
    """An unregistered number: a notice, then the menu of 12345."""
    citizen = story.citizen_dials("12999")
    story.hears(citizen, "opening")
    story.presses(citizen, "0")
    call = story.rings(story.stage.agent, shows="12999 未登记号码 转人工")
    story.answers(story.stage.agent)
    story.hear_each_other(citizen, call)
    story.hangs_up(citizen, call)
    story.check_prompts(citizen, "unregistered", *story.opening_of(citizen, "transferring", notice=True))
    story.record(outcome="answered", dialled="12999", mode=None, gap=True, path="main:0", seat="8001")


def three_way(story: DemoCall) -> None:
    """The agent brings in a center, all three talk, the agent leaves (三方转接)."""
    tobacco = story.stage.carrier.center("12313", name=_("center 12313"), after=1)
    agent = story.stage.agent
    citizen = story.citizen_dials("12345")
    story.hears(citizen, "opening")
    story.presses(citizen, "1")
    call = story.rings(agent, shows="12345 12345政务服务便民热线 反映问题")
    story.answers(agent)
    story.hear_each_other(citizen, call)
    story.presses(call, "*2")
    story.until(lambda: citizen.hears_only(SOUND, seconds=1), 10, _("the citizen hears music"))
    story.narrator.tell(citizen.name, _("hears music"))
    story.presses(call, "12313")
    consulted = story.center_answers(tobacco)
    story.hear_each_other(call, consulted)
    story.until(lambda: citizen.hears_only(SOUND), 2, _("the citizen hears music meanwhile"))
    story.presses(call, "*3")
    story.hear_each_other(citizen, call, consulted)
    story.hangs_up(call)
    story.hear_each_other(citizen, consulted)
    story.hangs_up(citizen, consulted)
    record = story.record(outcome="answered", seat="8001", fallback=None)
    consults = [(leg["target"], leg["result"]) for leg in record["legs"] if leg["kind"] == "consult"]
    story.expect(_("consults in the call record"), [("12313", "answered")], consults)


def guidance(story: DemoCall) -> None:
    """12333, its expert busy: the agent asks for guidance by key; only the agent hears the expert who whispers."""
    agent, labour = story.stage.agent, story.stage.labour
    busy = story.seat_dials(labour, "*82")
    story.until(lambda: busy.ended, 15, _("the expert is busy"))
    citizen = story.citizen_dials("12333")
    call = story.rings(agent, shows="12333 全国人力资源和社会保障服务电话 需专家", needs_expert=True)
    story.answers(agent)
    story.hear_each_other(citizen, call)
    story.presses(call, "*7")
    expert = story.rings(labour, shows="请指导 8001 12333 全国人力资源和社会保障服务电话", caller="8001", line="12333")
    story.answers(labour)
    story.until(
        lambda: call.hears_only(citizen, expert) and citizen.hears_only(call), 20,
        _("only the agent hears the expert"),
    )  # fmt: skip
    story.narrator.tell(labour.name, _("whispers: only the agent hears the expert"))
    story.presses(expert, "6")
    story.hear_each_other(citizen, call, expert)
    story.hangs_up(citizen, call, expert)
    record = story.record(outcome="answered", seat="8001", fallback="expert-busy")
    acts = [(leg["kind"], leg["target"]) for leg in record["legs"] if leg["party"] == "expert"]
    story.expect(_("guidance in the call record"), [("whisper", "8333"), ("join", "8333")], acts)
    ready = story.seat_dials(labour, "*83")
    story.until(lambda: ready.ended, 15, _("the expert is ready"))


def message(story: DemoCall) -> None:
    """Nobody is signed in: the citizen leaves a message, which becomes a work order."""
    sign_outs = [story.seat_dials(seat, "*80") for seat in story.stage.seats]
    story.until(lambda: all(call.ended for call in sign_outs), 15, _("every seat is signed out"))
    citizen = story.citizen_dials("12345")
    story.hears(citizen, "opening")
    story.presses(citizen, "2")
    story.hears(citizen, "leave-message", 20)
    story.until(lambda: citizen.hears_only(SILENCE, seconds=2), 20, _("the tone is over, the citizen may speak"))
    story.presses(citizen, "#")
    story.hears(citizen, "message-thanks")
    story.hangs_up(citizen)
    prompts = story.opening_of(citizen, "no-agent", "leave-message", "message-thanks", notice=False)
    story.check_prompts(citizen, *prompts, may_follow="goodbye")
    record = story.record(outcome="message", path="main:2", fallback="no-agent", seat=None)
    story.narrator.add("", _("work order {id}").format(id=record["work_order"]))
    recording = story.stage.hotline.home / "messages" / str(record["recording"])
    voices = {span.parties for span in heard_in(recording, story.stage.phones.tones)}
    story.expect(_("voices in the recording"), True, citizen.name in voices)
    [order] = story.stage.hotline.ask("orders", actor=SUPERVISOR, wanted={"call_id": record["call_id"]})
    story.expect(_("the work order's way in"), ("message", "recorded"), (order["channel"], order["state"]))


STORIES: tuple[tuple[Telling, str], ...] = (
    (sign_in, _("The agents sign in")),
    (by_key, _("12345: a key, then a pooled agent")),
    (chain, _("12331, merged into 12315, which has an expert: one notice, one call")),
    (expert, _("12333, dual: its expert answers first")),
    (expert_absent, _("12348, dual: its expert is absent, a pooled agent answers and sees that one is needed")),
    (center, _("12366, a sub-center: its own seats, through the carrier")),
    (center_silent, _("12329, a sub-center that does not answer: a pooled agent does")),
    (unregistered, _("12999, not registered: a notice, then 12345")),
    (three_way, _("12345: the agent brings in 12313, all three talk, the agent leaves")),
    (guidance, _("12333, its expert busy: the agent asks for guidance, the expert whispers")),
    (closed_loop, _("12345: a call becomes a work order; unit, answer, 回访, not solved, again, closed")),
    (message, _("12345, and no agent is signed in: a message, which becomes a work order")),
)
