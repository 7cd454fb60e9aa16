"""Articles as JSON for commands, desk and API. The names of members never change."""

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from ivr.knowledge.article import Article, ArticleEvent
from ivr.knowledge.article_search import FoundArticle


def article_to_json(article: Article, today: date) -> dict[str, Any]:
    """Return an article with its draft and its reports; times in ISO 8601, UTC, days of the city."""
    body: dict[str, Any] = msgspec.to_builtins(article)
    return body | {
        "offered": article.is_offered(today),
        "expired": article.released is not None and not article.is_offered(today),
        "open_reports": len(article.open_reports),
    }


def offered_to_json(article: Article) -> dict[str, Any]:
    """Return the version on offer, as agents, citizens and other programs may read it."""
    content: dict[str, Any] = msgspec.to_builtins(article.released)
    head = {"article": article.article, "version": article.released_version, "shipped": article.shipped}
    return head | content


def found_to_json(search_result: FoundArticle) -> dict[str, Any]:
    """Return an article of a search with its ranks."""
    ranks = {name: round(getattr(search_result, name), 4) for name in ("rank", "words", "sound", "meaning")}
    return offered_to_json(search_result.article) | {"open_reports": len(search_result.article.open_reports)} | ranks


def article_event_to_json(event: ArticleEvent) -> dict[str, Any]:
    """Return an event."""
    body: dict[str, Any] = msgspec.to_builtins(replace(event, fields=dict(event.fields)))
    editor = body.pop("editor")
    return body | {"by": editor["name"], "role": editor["role"], "unit": editor["unit"]}
