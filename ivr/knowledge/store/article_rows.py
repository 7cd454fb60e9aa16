"""Articles and their events as rows, and back."""

import json
from typing import Any

import msgspec
from sqlalchemy import RowMapping

from ivr.knowledge.article import Article, ArticleEvent, Editor
from ivr.knowledge.article_life_cycle import ArticleAct, ArticleRole

_BODY = msgspec.json.Decoder(Article)


def article_to_row(article: Article) -> dict[str, Any]:
    """Return the row of an article."""
    released = article.released
    return {
        "article": article.article,
        "sequence": article.sequence,
        "state": article.state.value,
        "unit": article.content.unit,
        "line": article.content.line,
        "title": article.content.title,
        "released": released is not None,
        "valid_from": released.valid_from if released else "",
        "valid_until": released.valid_until if released else "",
        "open_reports": len(article.open_reports),
        "changed_at": article.changed_at,
        "body": msgspec.json.encode(article).decode(),
    }


def article_from_body(body: str) -> Article:
    """Return the article of a row."""
    return _BODY.decode(body)


def article_event_to_row(event: ArticleEvent) -> dict[str, Any]:
    """Return the row of an event."""
    return {
        "article": event.article,
        "sequence": event.sequence,
        "at": event.at,
        "act": event.act.value,
        "by": event.editor.name,
        "role": event.editor.role.value,
        "unit": event.editor.unit,
        "fields": json.dumps(event.fields, ensure_ascii=False),
    }


def article_event_from_row(row: RowMapping) -> ArticleEvent:
    """Return the event of a row."""
    stored_fields = json.loads(row["fields"])
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in stored_fields.items()}
    editor = Editor(row["by"], ArticleRole(row["role"]), row["unit"])
    return ArticleEvent(row["article"], row["sequence"], row["at"], editor, ArticleAct(row["act"]), fields)
