"""The caller name on an agent's phone: the line dialled, the topic, and the caller's own words."""

from datetime import date

from ivr.registry.model import Registry
from ivr.routing.plan import Plan

LONGEST = 40  # characters; softphones cut a longer text
LONGEST_WORDS = 12
UNREAD_WORDS = "“…”?"
"""A caller's words, as phones show them if the recogniser was too slow to read them."""

_SHORTEST_TOPIC = 12  # characters of the topic that the caller's words never displace


def own_words(text: str, *, sure: bool, guess: str = "") -> str:
    """Return a caller's words, as phones show them: ``“路灯不亮”``, ``“路灯不亮”?``, ``12319?“路灯不亮”``.

    Args:
        text: a stranger's words, with long numbers masked; only letters, digits and the mask are shown.
        sure: whether the words were understood; otherwise a question mark is shown.
        guess: the possible target of the words, if they were not understood.
    """
    plain = "".join(sign for sign in text if sign.isalnum() or sign == "*")[:LONGEST_WORDS]
    if not plain:
        return ""
    if sure:
        return f"“{plain}”"
    return f"{guess}?“{plain}”" if guess else f"“{plain}”?"


def guidance(registry: Registry, seat: str, line: str, day: date) -> str:
    """Return the name on the phone of an expert whom an agent asks to guide: ``请指导 8001 12333 全国人力资源…``."""
    entry = registry.entry(line, day)
    return f"请指导 {seat} {line} {entry.name if entry else ''}".rstrip()[:LONGEST]


def caller_name(
    plan: Plan, *, needs_expert: bool = False, topic: str = "", words: str = "", emergency: str = ""
) -> str:
    """Return the caller-id name, such as ``12345 需专家 12333 全国人力资源和社会保障服务电话 “社保卡丢了”``.

    The marks (紧急119 or 紧急求助 at the front, 需专家) and ``words``, which `own_words` made, are kept whole. The
    name of the line dialled is cut first, then the topic.
    """
    number = plan.dialled or plan.line.number
    if emergency:
        number = f"紧急{emergency if emergency.isdigit() else '求助'} {number}"
    name = plan.entry.name if plan.entry else "未登记号码"
    expert = "需专家" if needs_expert else ""
    words = "" if words == own_words(topic, sure=True) else words
    if words:
        topic = topic[: max(_room(number, expert, words), _SHORTEST_TOPIC)].rstrip()
    name = name[: _room(number, expert, topic, words)].rstrip()
    return " ".join(filter(None, (number, name, expert, topic, words)))


def _room(*parts: str) -> int:
    """Return the number of characters that are left for a further part, at least 0."""
    return max(0, LONGEST - sum(len(part) + 1 for part in parts if part))
