"""The names of a line and of its unit: full names, and the short forms that follow from them by rule.

A registry need not list any of these as phrases. The rules take away what every line has (全国, 统一, 电话 …), one
piece after the other, and put in the usual short forms of `ivr.intents.abbreviations`.
"""

import re
from collections.abc import Iterator

from ivr.intents.abbreviations import ABBREVIATIONS

_PREFIX = re.compile(r"^(?:全国|全省|全市|统一|国家)+|^市(?!场)|^省|\d+")
_SUFFIXES = (
    *("电话", "热线", "专线", "专用", "公开", "统一", "公益", "服务", "咨询", "举报", "投诉", "申诉", "监督", "受理"),
    *("渠道", "资讯", "系统", "工作", "维权", "援助", "违法", "法律法规", "报警", "品市场监管", "专卖", "用户", "领域"),
    *("业", "及", "和"),
)
_ENDINGS = ("委员会", "办公室", "支队", "总队", "中心", "局", "委", "办", "厅")
_COUNTY = re.compile(r"^(?P<place>\w+?)(?P<kind>[区县市])(?P=kind)长$")
_GOVERNMENT = re.compile(r"^(?P<place>\w+?)(?P<kind>[区县市])人民政府$")
_JOINED = re.compile("[和及]")
_SHORTEST = 2  # characters of a short form
_SHORTEST_PART = 4  # characters of 计划生育 in 人口和计划生育; a shorter part alone is too general (住房)


def line_names(name: str) -> tuple[str, ...]:
    """Return the names of the line with this full name: the full name first.

    >>> line_names("全国公共法律服务专用电话")
    ('全国公共法律服务专用电话', '公共法律服务专用电话', '公共法律服务专用', '公共法律服务', '公共法律')
    """
    return tuple(dict.fromkeys(form for form in _line_names(name) if len(form) >= _SHORTEST))


def unit_names(unit: str, city: str = "") -> tuple[str, ...]:
    """Return the names of a unit of ``city`` (郴州市): the full name first; nothing for "".

    >>> unit_names("市医疗保障局")
    ('市医疗保障局', '医疗保障局', '医保局', '医疗保障', '医保')
    """
    return tuple(dict.fromkeys(form for form in _unit_names(unit, city) if len(form) >= _SHORTEST))


def places(unit: str) -> tuple[str, ...]:
    """Return the names of the district, county or city that a unit governs, else nothing.

    >>> places("北湖区人民政府")
    ('北湖区', '北湖')
    """
    found = _GOVERNMENT.match(unit)
    return (found["place"] + found["kind"], found["place"]) if found and len(found["place"]) >= _SHORTEST else ()


def _line_names(name: str) -> Iterator[str]:
    yield name
    stem = _without_prefix(name)
    while stem:
        yield from _shortened(stem)
        if county := _COUNTY.match(stem):  # 北湖区区长
            yield f"{county['place']}{county['kind']}长"
        for part in _parts(stem):
            yield from _without_suffix(part)
        if stem.endswith(("局", "委")):
            yield from _unit_names(stem)
        *_steps, shorter = _without_suffix(stem, steps=1)
        if shorter == stem:
            return
        stem = shorter


def _unit_names(unit: str, city: str = "") -> Iterator[str]:
    if not unit:
        return
    yield unit
    if place := _GOVERNMENT.match(unit):
        yield from (f"{place['place']}{place['kind']}政府", f"{place['place']}政府")
        return
    short = _without_prefix(unit.removeprefix(city))
    ending = next((ending for ending in _ENDINGS if short.endswith(ending)), "")
    stem = short.removesuffix(ending)
    stems = [*_shortened(stem), *(form for part in _JOINED.split(stem) if part != stem for form in _shortened(part))]
    yield from (stem + ending for stem in stems)
    if ending:
        yield from stems


def _shortened(text: str) -> Iterator[str]:
    """Yield ``text``, and ``text`` with each usual short form put in."""
    yield text
    for long, shorts in ABBREVIATIONS.items():
        if long in text:
            yield from (text.replace(long, short) for short in shorts)


def _parts(stem: str) -> list[str]:
    parts = _JOINED.split(stem)
    return [part for part in parts if len(_without_suffix(part)[-1]) >= _SHORTEST_PART] if len(parts) > 1 else []


def _without_prefix(text: str) -> str:
    while (shorter := _PREFIX.sub("", text)) != text:
        text = shorter
    return text


def _without_suffix(text: str, steps: int = len(_SUFFIXES)) -> list[str]:
    """Return ``text``, and the text without one, two, … of its endings, ``steps`` at most."""
    forms = [text]
    for _step in range(steps):
        suffix = next((suffix for suffix in _SUFFIXES if text.endswith(suffix)), None)
        if suffix is None or len(text) - len(suffix) < _SHORTEST:
            break
        text = text.removesuffix(suffix)
        forms.append(text)
    return forms
