"""Words around a cry for help: the place, the persons, the urgency (喂，我家厨房…，快来人)."""

import re

# No reason to doubt the cry. So nothing that denies, doubts or asks belongs here.
_WORDS = """
喂 你好 您好 我 我们 我家 我家里 家里 这里 那里 这边 那边 我这里 我们这里 我们这边 有人 小区 厨房 客厅 阳台 房子 房间
屋里 隔壁 邻居 邻居家 楼上 楼下 楼里 前面 后面 对面 旁边 路边 路上 马路上 街上 山上 门口 门前 学校 工厂 厂里 店里 车里
车子 公路上 路口 村里 工地 工地上 老婆 老公 妈妈 爸爸 孩子 小孩 老人 爷爷 奶奶 快来 快来人 来人 快点 赶紧 马上 快点来
快派人来 现在 已经 真的 正在 要 我要 请 帮我 帮忙 求求 你 你们 啊 呀 哎呀 天啊 啦 了 在 的 家 怎么办 拨 打 拨打 叫
电话
"""
_AROUND = re.compile("|".join(sorted(_WORDS.split(), key=len, reverse=True)))


def without_surroundings(text: str) -> str:
    """Return ``text`` without such words."""
    return _AROUND.sub("", text)
