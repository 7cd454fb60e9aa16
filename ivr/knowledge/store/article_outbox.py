"""Notifications of acts on articles, for a desktop program or a platform, in the outbox (`ivr.records.store.outbox`).

A notification is stored in the transaction of its act. The notifications of one article are delivered in order.
"""

import json
from typing import Any

from sqlalchemy import Connection, insert

from ivr.knowledge.article import Article, ArticleEvent
from ivr.records.store.schema import OUTBOX


def put_article_notification(connection: Connection, article: Article, event: ArticleEvent) -> None:
    """Store the notification of an act."""
    connection.execute(
        insert(OUTBOX).values(
            event=f"{article.article}:{event.sequence}",
            call_id=article.article,
            body=json.dumps(article_notification(article, event), ensure_ascii=False),
            made_at=event.at,
            next_at=event.at,
            tries=0,
        )
    )


def article_notification(article: Article, event: ArticleEvent) -> dict[str, Any]:
    """Return the body of the notification. Pure."""
    return {
        "id": f"{article.article}:{event.sequence}",
        "event": "article",
        "article": article.article,
        "at": event.at.isoformat(),
        "act": event.act.value,
        "by": event.editor.name,
        "role": event.editor.role.value,
        "state": article.state.value,
        "unit": article.content.unit,
        "title": article.content.title,
        "valid_until": article.content.valid_until,
        "open_reports": len(article.open_reports),
        "fields": {name: list(value) if isinstance(value, tuple) else value for name, value in event.fields.items()},
    }
