"""Articles as Markdown, any number in a file. `markdown_of` writes the file, `articles_of_markdown` reads it.

    # 加班工资怎么算

    - id: 12333-overtime
    - unit: 市人社局
    - line: 12333
    - valid_from: 2026-01-01
    - valid_until: 2027-12-31
    - source: 《中华人民共和国劳动法》第四十四条（2018年修正）

    ## 问

    - 加班费怎么算

    ## 短答

    平时加班……

    ## 详答

    ……

A line of the answers that begins with ``#`` or ``\\`` gets a ``\\`` before it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ivr.knowledge.article_text import MOST_ARTICLES, ArticleFileRefused, ArticleText
from ivr.texts import _

_SECTIONS = {"问": "questions", "短答": "short", "详答": "long"}
_HEADINGS = {field: heading for heading, field in _SECTIONS.items()}
_KEYS = ("unit", "line", "valid_from", "valid_until")
_ITEM = re.compile(r"- ([a-z_]+): ?(.*)")


def markdown_of(articles: Iterable[ArticleText]) -> str:
    """Return the articles as one Markdown file."""
    return "\n".join("\n".join(_written(article)) + "\n" for article in articles)


def _written(article: ArticleText) -> Iterator[str]:
    fields = article.fields
    yield f"# {fields['title']}"
    yield ""
    yield f"- id: {article.article}"
    yield from (f"- {key}: {fields[key]}" for key in _KEYS if fields.get(key))
    yield from (f"- source: {source}" for source in fields.get("sources", ()))
    for field in ("questions", "short", "long"):
        if fields.get(field):
            yield ""
            yield f"## {_HEADINGS[field]}"
            yield ""
            if field == "questions":
                yield from (f"- {question}" for question in fields[field])
            else:
                yield from (f"\\{line}" if line[:1] in ("#", "\\") else line for line in fields[field].split("\n"))


def articles_of_markdown(file: str, text: str) -> list[ArticleText]:
    """Return the articles of a Markdown file; the values are not checked yet.

    Raises:
        ArticleFileRefused: the file has another form.
    """
    return list(_Reader(file).read(text))


class _Reader:
    """Reads a file line by line."""

    def __init__(self, file: str) -> None:
        self._file, self._line = file, 0

    def read(self, text: str) -> Iterator[ArticleText]:
        begin, lines, count = 0, list[str](), 0
        for number, line in enumerate(text.split("\n"), start=1):
            if line.startswith("# "):
                if begin:
                    yield self._article(begin, lines)
                begin, lines, count = number, [line], count + 1
                if count > MOST_ARTICLES:
                    raise ArticleFileRefused(self._file, number, _("holds too many articles"))
            elif begin:
                lines.append(line)
            elif line.strip():
                raise ArticleFileRefused(self._file, number, _("an article begins with '# ' and its title"))
        if begin:
            yield self._article(begin, lines)

    def _article(self, begin: int, lines: list[str]) -> ArticleText:
        fields: dict[str, Any] = {"title": lines[0][2:].strip(), "sources": []}
        name, section = "", ""
        for number, line in enumerate(lines[1:], start=begin + 1):
            if line.startswith("#"):
                section = self._heading(number, line, fields)
                fields[section] = []
            elif section == "questions":
                fields[section] += self._question(number, line)
            elif section:
                fields[section].append(line[1:] if line.startswith("\\") else line)
            elif line.strip():
                key, value = self._item(number, line, fields)
                if key == "id":
                    name = value
                elif key == "source":
                    fields["sources"].append(value)
                else:
                    fields[key] = value
        if not name:
            raise ArticleFileRefused(self._file, begin, _("the article has no id: '- id: 12333-overtime'"))
        answers = {key: "\n".join(fields[key]).strip("\n") for key in ("short", "long") if key in fields}
        return ArticleText(name, fields | answers, begin)

    def _heading(self, number: int, line: str, fields: Mapping[str, object]) -> str:
        heading = line.lstrip("#").strip()
        if not line.startswith("## ") or heading not in _SECTIONS:
            message = _("'{heading}' is no part of an article; there are: {parts}")
            raise ArticleFileRefused(self._file, number, message.format(heading=line[:40], parts=", ".join(_SECTIONS)))
        self._refuse_second(number, _SECTIONS[heading], fields)
        return _SECTIONS[heading]

    def _question(self, number: int, line: str) -> list[str]:
        if not line.strip():
            return []
        if not line.startswith("- "):
            raise ArticleFileRefused(self._file, number, _("a question begins with '- '"))
        return [line[2:].strip()]

    def _item(self, number: int, line: str, fields: Mapping[str, object]) -> tuple[str, str]:
        match = _ITEM.fullmatch(line)
        if match is None or match[1] not in ("id", "source", *_KEYS):
            message = _("before the first '##' stand lines '- KEY: VALUE'; the keys are: {keys}")
            raise ArticleFileRefused(self._file, number, message.format(keys=", ".join(("id", *_KEYS, "source"))))
        self._refuse_second(number, match[1], fields)
        return match[1], match[2].strip()

    def _refuse_second(self, number: int, key: str, fields: Mapping[str, object]) -> None:
        if key in fields:
            raise ArticleFileRefused(self._file, number, _("'{key}' stands here a second time").format(key=key))
