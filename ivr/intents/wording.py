"""Removes words around the matter from an utterance: corrected parts, politeness, hesitation. Pure."""

import re

_START = r"(?:^|(?<=[，,。、！？\s的呃嗯啊哦]))"
_SAYS = "(?:我(?:要的是|问的是|说的是|要问的是|想问的是|是说|是问|要|想|找|问|说|是)|应该是|而是|[是市事试])"
_CORRECTIONS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_START}不是(?P<wrong>.{{0,12}}?)[，,。\s]*{_SAYS}(?P<right>.{{2,}})$",  # 不是社保，是公积金
        rf"(?:不对|错了|哦不|不不)[，,。啊\s]*{_SAYS}(?P<right>.{{2,}})$",  # 社保，哦不对，我是说公积金
        rf"{_START}(?:不是的?|不对|你?搞错了|错了)[，,。啊\s]+(?P<right>.{{2,}})$",  # 不是，公积金
    )
)
_POLITE = """
呃 嗯 啊 哦 噢 额 喂 那个 这个 就是 你好 您好 同志 请问一下 请问 请 麻烦您 麻烦你 麻烦 帮我 谢谢 不好意思 我想问一下
我想问下 想问一下 问一下 我想咨询一下 咨询一下 想咨询 我要咨询 我想了解一下 我想 我要
"""
_BEFORE = re.compile(rf"^(?:{'|'.join(sorted(_POLITE.split(), key=len, reverse=True))}|[，,。！？、\s])+")
_AFTER = re.compile(r"(?:谢谢你?您?|麻烦了|好吧|啊|呀|呢|哦|[，,。！？、\s])+$")
_LEAST = 2  # characters


def corrected(text: str) -> str:
    """Return the part that counts: of a correction the last part (公积金 of 不是社保，是公积金), else all of it."""
    for correction in _CORRECTIONS:
        if found := correction.search(text):
            return found["right"]
    return text


def matter(text: str) -> str:
    """Return ``text`` without politeness and hesitation before and behind, unless next to nothing is left."""
    left = _AFTER.sub("", _BEFORE.sub("", text))
    return left if len(left) >= _LEAST else text
