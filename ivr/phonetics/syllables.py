"""The distance of two syllables to a listener: toneless pinyin; the confusions of southern speakers cost little."""

from functools import cache, lru_cache

CLOSE = 0.1  # the same to many speakers in the south
_NEAR = 0.3  # confused on a bad line
_FAR = 0.55  # one half of the syllable differs

_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcs")
_SPELT = {"iu": "iou", "ui": "uei", "un": "uen"}
_Y = {"yi": "i", "yin": "in", "ying": "ing", "yu": "v", "yue": "ve", "yuan": "van", "yun": "vn", "you": "iou"}
_W = {"wu": "u", "wei": "uei", "wen": "uen", "weng": "ueng"}


def _pairs(text: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair.split("/")) for pair in text.split())


_INITIALS_CLOSE = _pairs("zh/z ch/c sh/s n/l h/f r/l")
_INITIALS_NEAR = _pairs(
    "b/p d/t g/k j/q zh/ch z/c zh/j ch/q sh/x s/x z/j c/q m/n k/h g/h zh/c ch/z ch/sh c/s r/n x/q r/zh j/x b/m z/s "
    "zh/sh"
)
_FINALS_CLOSE = _pairs("in/ing en/eng an/ang ian/iang uan/uang uen/ueng")
_FINALS_NEAR = _pairs(
    "e/o o/uo e/uo ou/uo u/ou ao/ou iao/iou ei/uei ai/ei uai/uei a/ia a/ua an/uan ang/uang an/ian ang/iang en/uen "
    "eng/ong uen/ong v/i van/ian vn/in vn/ing ve/ie i/ei ong/iong en/in eng/ing u/v van/uan e/ie ie/ian ai/a ao/a"
)
_WHOLE_CLOSE = _pairs("hua/fa hui/fei huan/fan huang/fang hun/fen huo/fo hong/feng wang/huang wu/fu")


@cache  # there are some four hundred syllables
def _split(syllable: str) -> tuple[str, str]:
    """Split into initial and final, as spoken rather than spelt."""
    if syllable in _Y:
        return "", _Y[syllable]
    if syllable in _W:
        return "", _W[syllable]
    if syllable.startswith("y"):
        return "", "i" + syllable[1:]
    if syllable.startswith("w"):
        return "", "u" + syllable[1:]
    initial = next((start for start in _INITIALS if syllable.startswith(start)), "")
    final = syllable[len(initial) :]
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    if initial in ("zh", "ch", "sh", "r", "z", "c", "s") and final == "i":
        final = "-i"
    return initial, _SPELT.get(final, final)


@lru_cache(maxsize=1 << 18)
def apart(first: str, second: str) -> float:
    """Return the distance of two syllables: 0 for the same sound, 1 for nothing in common."""
    if first == second:
        return 0.0
    pair = frozenset((first, second))
    if pair in _WHOLE_CLOSE:
        return CLOSE
    (initial, final), (initial2, final2) = _split(first), _split(second)
    cost = _half(initial, initial2, _INITIALS_CLOSE, _INITIALS_NEAR) + _half(final, final2, _FINALS_CLOSE, _FINALS_NEAR)
    return min(1.0, cost)


def _half(first: str, second: str, close: frozenset[frozenset[str]], near: frozenset[frozenset[str]]) -> float:
    pair = frozenset((first, second))
    if len(pair) == 1:
        return 0.0
    if pair in close:
        return CLOSE
    return _NEAR if pair in near else _FAR
