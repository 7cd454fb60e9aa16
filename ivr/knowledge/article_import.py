"""Importing articles: all of them in one transaction, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ivr.knowledge.article import Article, Editor
from ivr.knowledge.article_decision import ArticleActRefused, ArticleRequest, KnowledgeScope
from ivr.knowledge.article_life_cycle import CONTENT, ArticleAct, ArticleRole, ArticleState
from ivr.knowledge.article_text import ArticleText
from ivr.knowledge.perform_article import perform_on_article_within
from ivr.knowledge.store.article_store import ArticleChangedMeanwhile, find_article
from ivr.records.store.database import Database
from ivr.texts import _

SHIPPED = Editor("shipped", ArticleRole.HOTLINE)
"""The author of the shipped articles; the person who imports them answers for their release."""


@dataclass(slots=True)
class ArticleImport:
    """The names of the articles that an import wrote, revised, and left as they are."""

    written: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)  # shipped articles that the city has changed; they are not overwritten


def import_articles(
    database: Database, articles: Sequence[tuple[str, ArticleText]], editor: Editor, scope: KnowledgeScope,
    now: datetime, *, shipped: bool = False,
) -> ArticleImport:  # fmt: skip
    """Import articles, each with the name of its file; a complete article is submitted for review.

    Args:
        database: the call database.
        articles: in the order of the files.
        editor: the person who imports them.
        scope: the present units and lines.
        now: aware.
        shipped: whether the articles come with the program; ``editor``, a reviewer, then releases them.

    Raises:
        ArticleActRefused: an article cannot be taken; nothing was imported. The text names file and line.
        DatabaseUnusable: the database cannot be used.
    """
    import_report, imported_names = ArticleImport(), set[str]()
    try:
        with database.begin() as connection:
            for file, text in articles:
                place = f"{file}:{text.line}" if text.line else file
                if text.article in imported_names:
                    raise ArticleActRefused(
                        _("{place}: {article} stands in this import a second time").format(
                            place=place, article=ascii(text.article)[:60]
                        )
                    )
                imported_names.add(text.article)
                try:
                    _import(connection, text, editor, scope, now, import_report, shipped=shipped)
                except ArticleActRefused as refusal:
                    raise ArticleActRefused(f"{place}: {refusal}", refusal.field) from None
    except ArticleChangedMeanwhile:
        raise ArticleActRefused(_("others changed an article at the same moment: import again")) from None
    return import_report


def _import(
    connection: Connection, text: ArticleText, editor: Editor, scope: KnowledgeScope, now: datetime,
    import_report: ArticleImport, *, shipped: bool,
) -> None:  # fmt: skip
    author = SHIPPED if shipped else editor
    earlier = find_article(connection, text.article)
    if shipped and earlier is not None and not _is_as_shipped(earlier):
        import_report.own.append(text.article)
        return

    def perform(act: ArticleAct, acting_editor: Editor, fields: Mapping[str, Any] | None = None) -> Article:
        return perform_on_article_within(
            connection, text.article, ArticleRequest(act, acting_editor, fields or {}), scope, now
        )

    if earlier is None:
        imported = perform(ArticleAct.WRITE, author, text.fields)
        import_report.written.append(text.article)
    else:
        empty: dict[str, Any] = {name: () if name in ("questions", "sources") else "" for name in CONTENT}
        fields = empty | dict(text.fields)
        if all(_is_equal(getattr(earlier.content, name), fields[name]) for name in CONTENT):
            import_report.unchanged.append(text.article)
            return
        imported = perform(ArticleAct.REVISE, author, fields)
        import_report.revised.append(text.article)
    content = imported.content
    if all((content.short, content.questions, content.sources)) and content.valid_until >= now.date().isoformat():
        perform(ArticleAct.SUBMIT, author)
        if shipped:
            perform(ArticleAct.RELEASE, editor)


def _is_as_shipped(article: Article) -> bool:
    """Tell whether the article is on offer, and all its versions came with the program."""
    return article.state is ArticleState.RELEASED and article.shipped


def _is_equal(stored: object, imported: object) -> bool:
    return stored == (tuple(imported) if isinstance(imported, list) else imported)
