"""A citizen calls 12345, presses key 3, and hears the state of a work order (查询办理进度)."""

from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones

SUPERVISOR = {"name": "li", "role": "supervisor"}
UNIT = {"name": "zhang", "role": "unit", "unit": "市人社局"}


def test_the_state_of_a_work_order_is_read_out_by_its_number_or_by_the_callers(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    agent = seat("8001", name="agent")

    def act(order: str, act: str, actor: dict[str, str] = SUPERVISOR, **fields: object) -> str:
        return str(hotline.ask("order-act", actor=actor, order=order, act=act, fields=fields)["order"])

    in_hand = act("", "open", title="工资没发", caller="13900000000")
    act(in_hand, "receive", kind="help", **{"class": "labour"})
    act(in_hand, "dispatch", unit="市人社局")
    act(in_hand, "accept", UNIT)
    act("", "open", title="路灯坏了", caller="13800000001")

    by_number = carrier.call("12345", "13800000000", name="by-number")
    by_telephone = carrier.call("12345", "13800000001", name="by-telephone")
    for caller in (by_number, by_telephone):
        phones.until(lambda caller=caller: has_heard(caller, "opening"), 10, "the opening is heard")
        caller.keys("3")
    for caller, keys in ((by_number, in_hand), (by_telephone, "#")):
        phones.until(lambda caller=caller: has_heard(caller, "order-ask"), 15, "the caller is asked for the number")
        caller.keys(keys)
    phones.until(lambda: has_heard(by_telephone, "order-state/recorded"), 15, "the state of that work order is heard")
    phones.until(
        lambda: has_heard(by_number, "order-state/handling"), 15, "the state of the caller's other work order is heard"
    )
    phones.until(lambda: has_heard(by_number, "order-due"), 10, "the due day is heard")
    by_telephone.hang_up()
    phones.until(lambda: agent.ringing, 20, "an agent's phone rings for the caller, who stays")
    assert agent.ringing
    assert agent.ringing.caller == "13800000000"
    assert agent.ringing.shown == "12345 12345政务服务便民热线 查询办理进度"
    by_number.hang_up()
