"""Filler words: a caller says them around a matter, and they say nothing about the matter (我想请问一下)."""

import re

_WORDS = """
我想 我要 我来 我 你们 你 您 他们 我们 我家 家里 请问 请 帮我 帮 给我 给 麻烦 那个 这个 那种 这种 一下 一个 一些 就是
然后 因为 想 问一下 问下 问 咨询 了解 怎么办 怎么样 怎么弄 怎么 如何 能不能 可不可以 可以 有没有 是不是 要不要 有人
有个 有 是 的 了 啦 啊 呢 吧 吗 呀 嘛 哦 噢 嗯 呃 额 喂 你好 您好 谢谢 现在 今天 昨天 天天 最近 这里 这边 那边 那里
哪里 去哪 哪 什么时候 什么 谁 多少 关于 在 去 到 要 和 跟 也 就 都 很 太 好 还 又 再 已经 一直 老是 总是 说 讲 找 事情
的事 问题 情况 电话 热线 专线 投诉 举报 反映 反应 办理 办 申请 需要 会 被 把 得 里 上 着 小区 村里 上次 一张 一种
没人管 没人 不了
"""
_FILLER = re.compile("|".join(sorted(_WORDS.split(), key=len, reverse=True)))


def filler(text: str) -> tuple[bool, ...]:
    """Return, for each character of ``text``, whether the character stands in a filler word."""
    marks = [False] * len(text)
    for match in _FILLER.finditer(text):
        marks[match.start() : match.end()] = [True] * (match.end() - match.start())
    return tuple(marks)
