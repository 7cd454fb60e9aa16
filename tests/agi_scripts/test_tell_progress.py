"""Key 3 of 12345: a citizen hears the state of a work order (查询办理进度), and then gets an agent."""

from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.agi_scripts.call_in_words import in_words

NUMBER = "261123000001"
STATE = ("order-state/handling", "order-due", "digits/10", "digits/2", "date/month", "digits/3", "date/day")
AGENT = ["order-agent", "transferring", "recorded", "offered to general general", "waits for general", "done"]


async def order_prompts(number: str, caller: str) -> tuple[str, ...]:
    """Return a work order by its number, and another work order by the caller's number."""
    if number == NUMBER:
        return STATE
    return ("order-state/closed",) if not number and caller == "13800000000" else ()


async def heard(asterisk: FakeAsterisk, keys: str, **more: str) -> list[str]:
    story = await asterisk.call("12345", keys="3" + keys, **more)
    return [step for step in in_words(story) if not step.startswith("listens")]


async def test_a_caller_who_keys_the_number_hears_the_state_and_the_due_day(
    asterisk: FakeAsterisk, services: FakeServices
) -> None:
    services.order_prompts = order_prompts
    assert await heard(asterisk, NUMBER) == ["opening", "chose 3 查询办理进度", "order-ask", *STATE, *AGENT]


async def test_the_hash_key_asks_for_the_newest_of_the_own_number(
    asterisk: FakeAsterisk, services: FakeServices
) -> None:
    services.order_prompts = order_prompts
    assert await heard(asterisk, "#") == ["opening", "chose 3 查询办理进度", "order-ask", "order-state/closed", *AGENT]


async def test_a_caller_without_a_work_order_hears_so_once(asterisk: FakeAsterisk, services: FakeServices) -> None:
    services.order_prompts = order_prompts
    steps = await heard(asterisk, "#", caller="13800000009")
    assert steps == ["opening", "chose 3 查询办理进度", "order-ask", "order-none", *AGENT]


async def test_three_unknown_numbers_lead_to_an_agent(asterisk: FakeAsterisk, services: FakeServices) -> None:
    services.order_prompts = order_prompts
    steps = await heard(asterisk, "9" * 36)
    assert steps == ["opening", "chose 3 查询办理进度", *["order-ask", "order-none"] * 3, *AGENT]


async def test_without_the_database_the_caller_gets_an_agent_at_once(asterisk: FakeAsterisk) -> None:
    assert await heard(asterisk, "") == ["opening", "chose 3 查询办理进度", *AGENT[1:]]
