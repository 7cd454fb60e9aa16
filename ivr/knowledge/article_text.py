"""An article of a file before its fields are checked, and the error of a file that cannot be imported."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.knowledge.article import ArticleContent
from ivr.texts import _


class ArticleFileRefused(Exception):
    """A file cannot be imported; the message has file, line and remedy."""

    def __init__(self, file: str, line: int, text: str) -> None:
        """``line`` counts from 1; 0 means the whole file."""
        super().__init__(f"{file}:{line}: {text}" if line else f"{file}: {text}")


LARGEST = 16 * 1024 * 1024  # bytes of a file
MOST_ARTICLES = 50_000  # of one import


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article in a file: its name and the unchecked fields of its content."""

    article: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0  # where it begins


def text_of_content(name: str, content: ArticleContent) -> ArticleText:
    """Return an article in the form for a file."""
    fields = {attribute: getattr(content, attribute) for attribute in ArticleContent.__slots__}
    return ArticleText(name, fields)


def decoded(file: str, raw: bytes) -> str:
    """Return the text of a file in UTF-8, with or without byte-order mark.

    Raises:
        ArticleFileRefused: the file is too large, or not UTF-8.
    """
    if len(raw) > LARGEST:
        raise ArticleFileRefused(file, 0, _("is larger than 16 MiB"))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ArticleFileRefused(file, line, _("is no UTF-8; save the file as UTF-8 and import it again")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
