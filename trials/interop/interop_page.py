"""The tables of docs/interop.md and docs/interop.zh-CN.md. Pure."""

from collections.abc import Sequence
from datetime import date

from trials.interop.behaviours import Behaviour
from trials.interop.interop_report import InteropCell

_ENGLISH = """# Carriers and phones of other makers: the behaviours that work

`make interop` fetches each program, starts a hotline beside it, and tries one behaviour after the other, on {day}.
Each cell is from that run. A cell is empty if the peer has no such behaviour.
"""
_NOTE = """
By SIP INFO, baresip sends the keys of a feature code, and linphonec sends the key of a menu.
linphonec sends the INFO of a second key 2 to 5 s after the INFO of the first, by UDP and by TCP.
After `*`, a feature code waits 1.5 s for its next key.
Keys as tones are tried with linphonec at a menu, in a call without telephone-event. baresip offers telephone-event in
each call, and a phone that offers it is heard by RFC 4733 only.
With TLS, both programs check that the certificate is the hotline's. linphonec does not compare the address in it.
"""
_CHINESE = """# 与其他运营商设备和话机的互通情况

`make interop` 下载各程序，与一台热线一起运行，逐项试验。试验日期：{day}。
每一格都来自该次运行；空格表示该项与该设备无关，没有试验。
"""
_CHINESE_NOTE = """
“按键：SIP INFO”一行，baresip 试的是功能码，linphonec 试的是菜单按键。
linphonec 发出第一个按键的 INFO 之后，要过 2 至 5 秒才发第二个，UDP、TCP 都一样；而功能码在 `*` 之后只等 1.5 秒。
“按键：带内音”一行，linphonec 在不带 telephone-event 的通话中试菜单按键。baresip 每次通话都提出 telephone-event，
热线对这样的话机只收 RFC 4733 按键。
使用 TLS 时，两个程序都校验证书是否为热线的证书；linphonec 不比对证书中的地址。
"""
_WORDS = "works", "fails", "not in this program"
_CHINESE_WORDS = "通过", "未通过", "该程序无此功能"


def pages(cells: Sequence[InteropCell], day: date) -> tuple[str, str]:
    """Return both documents."""
    english = _page(cells, _ENGLISH.format(day=day), "behaviour", _WORDS, chinese=False)
    chinese = _page(cells, _CHINESE.format(day=day), "项目", _CHINESE_WORDS, chinese=True)
    return english + _NOTE, chinese + _CHINESE_NOTE


def _page(cells: Sequence[InteropCell], head: str, title: str, words: tuple[str, str, str], *, chinese: bool) -> str:
    peers = list(dict.fromkeys(cell.peer for cell in cells))
    lines = [head, f"| {title} | {' | '.join(peers)} |", "|---" * (len(peers) + 1) + "|"]
    word = {True: words[0], False: words[1], None: words[2]}
    words_by_cell = {(cell.behaviour, cell.peer): word[cell.works] for cell in cells}
    for behaviour in Behaviour:
        row = [words_by_cell.get((behaviour, peer), "") for peer in peers]
        if any(row):
            lines.append(f"| {behaviour.chinese if chinese else behaviour.english} | {' | '.join(row)} |")
    return "\n".join(lines) + "\n"
