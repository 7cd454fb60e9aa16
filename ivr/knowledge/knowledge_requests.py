"""Requests of commands, desk and API about the knowledge base: JSON values in, JSON values out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from ivr.knowledge.article import Article, ArticleContent, Editor, content_of_version
from ivr.knowledge.article_decision import ArticleActRefused, ArticleRequest, KnowledgeScope, may_read
from ivr.knowledge.article_import import import_articles
from ivr.knowledge.article_json import article_event_to_json, article_to_json, found_to_json, offered_to_json
from ivr.knowledge.article_life_cycle import ArticleAct, ArticleRole, ArticleState
from ivr.knowledge.article_search import RankByMeaning, search_articles
from ivr.knowledge.article_text import ArticleText, text_of_content
from ivr.knowledge.perform_article import perform_on_article
from ivr.knowledge.store.article_store import ArticleFilter, events_of_article, find_article, list_articles
from ivr.records.store.database import Database
from ivr.texts import _

_MOST = 50_000  # rows of one list
_MOST_FOUND = 50  # articles of one search


class KnowledgeRequests:
    """The knowledge base of one call database."""

    def __init__(
        self,
        database: Database,
        scope: Callable[[], KnowledgeScope],
        now: Callable[[], datetime],
        by_meaning: Callable[[], RankByMeaning | None] = lambda: None,
    ) -> None:
        """``scope`` returns the present units and lines; ``now`` returns the city's time."""
        self._database, self._scope, self._now, self._by_meaning = database, scope, now, by_meaning

    def search(self, query: str, limit: int = 10) -> list[dict[str, Any]]:
        """Return the articles on offer that answer a query, the likeliest first.

        Raises:
            DatabaseUnusable: the database cannot be used.
        """
        today = self._now().date()
        search_results = search_articles(self._database, str(query), today, min(limit, _MOST_FOUND), self._by_meaning())
        return [found_to_json(article) for article in search_results]

    def offered(self, article: str = "", after: str = "", limit: int = 200) -> list[dict[str, Any]]:
        """Return one article on offer, or the articles on offer whose names follow ``after``, sorted by name.

        Raises:
            DatabaseUnusable: the database cannot be used.
        """
        today = self._now().date()
        with self._database.begin() as connection:
            if article:
                named_article = find_article(connection, article)
                offered_articles = [named_article] if named_article and named_article.is_offered(today) else []
            else:
                offered_articles = list_articles(connection, ArticleFilter(offered_on=today), min(limit, _MOST), after)
        return [offered_to_json(offered_article) for offered_article in offered_articles]

    def listing(self, editor: Mapping[str, str], wanted: Mapping[str, Any], limit: int = 200) -> list[dict[str, Any]]:
        """Return articles with their states, sorted by name; a unit gets its own articles.

        Args:
            editor: ``{"name", "role", "unit"}``.
            wanted: ``state``, ``unit``, ``line``, ``words``, ``expires_within`` (days), ``reported``, ``after``.
            limit: articles at most.

        Raises:
            ArticleActRefused: a condition is wrong, or the editor is an agent.
            DatabaseUnusable: the database cannot be used.
        """
        person, today = _editor(editor), self._now().date()
        if person.role is ArticleRole.AGENT:
            raise ArticleActRefused(_("agents search articles; drafts are for units and reviewers"))
        condition = _filter(wanted, person, today)
        with self._database.begin() as connection:
            articles = list_articles(connection, condition, min(limit, _MOST), str(wanted.get("after", "")))
        return [article_to_json(article, today) for article in articles]

    def show(self, editor: Mapping[str, str], article: str) -> dict[str, Any]:
        """Return an article with its events; a person who may not read drafts gets the version on offer only.

        Raises:
            ArticleActRefused: there is no such article, or the editor may not read it.
            DatabaseUnusable: the database cannot be used.
        """
        person, today = _editor(editor), self._now().date()
        with self._database.begin() as connection:
            stored_article = find_article(connection, article)
            events = events_of_article(connection, article)
        if stored_article is not None and may_read(stored_article, person):
            return {
                "article": article_to_json(stored_article, today),
                "events": [article_event_to_json(event) for event in events],
            }
        if stored_article is not None and stored_article.is_offered(today):
            return {"article": offered_to_json(stored_article), "events": []}
        raise ArticleActRefused(_("there is no article {article}").format(article=ascii(article)[:60]), "article")

    def version(self, editor: Mapping[str, str], article: str, version: int) -> dict[str, Any]:
        """Return the content of a version. Raises as `show`."""
        person = _editor(editor)
        with self._database.begin() as connection:
            stored_article = find_article(connection, article)
            events = events_of_article(connection, article)
        content = content_of_version(events, version) if stored_article and may_read(stored_article, person) else None
        if content is None:
            message = _("article {article} has no version {version}")
            raise ArticleActRefused(message.format(article=ascii(article)[:60], version=version), "version")
        return {"version": version} | asdict(content)

    def act(self, editor: Mapping[str, str], article: str, act: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Do an act on an article, and return the article; ``write`` makes a new article.

        Raises:
            ArticleActRefused: the act may not be done; nothing was changed.
            DatabaseUnusable: the database cannot be used.
        """
        person, now = _editor(editor), self._now()
        if act not in [known_act.value for known_act in ArticleAct]:
            raise ArticleActRefused(_("there is no act {act}").format(act=repr(act)[:40]))
        request = ArticleRequest(ArticleAct(act), person, fields)
        changed_article = perform_on_article(self._database, article, request, self._scope(), now)
        return (
            article_to_json(changed_article, now.date()) if may_read(changed_article, person) else {"article": article}
        )

    def take_in(
        self, editor: Mapping[str, str], articles: Sequence[Mapping[str, Any]], shipped: bool = False
    ) -> dict[str, list[str]]:
        """Import articles, ``{"file", "line", "article", "fields"}`` each, all or none; see `import_articles`.

        Raises:
            ArticleActRefused: an article cannot be taken; nothing was imported.
            DatabaseUnusable: the database cannot be used.
        """
        texts = [
            (str(imported["file"]), ArticleText(str(imported["article"]), imported["fields"], int(imported["line"])))
            for imported in articles
        ]
        person = _editor(editor)
        if shipped and person.role is not ArticleRole.REVIEWER:
            raise ArticleActRefused(_("a reviewer imports the shipped articles, because the import releases them"))
        return asdict(import_articles(self._database, texts, person, self._scope(), self._now(), shipped=shipped))

    def give_out(self, editor: Mapping[str, str], offered: bool = True) -> list[dict[str, Any]]:
        """Return the content of all articles for a file: the versions on offer, or the newest versions.

        Raises:
            ArticleActRefused, DatabaseUnusable: as `listing`.
        """
        person, today = _editor(editor), self._now().date()
        with self._database.begin() as connection:
            articles = list_articles(connection, ArticleFilter(offered_on=today if offered else None), _MOST)
        readable = [article for article in articles if offered or may_read(article, person)]
        texts = [text_of_content(article.article, _exported(article, offered=offered)) for article in readable]
        return [{"article": text.article, "fields": dict(text.fields)} for text in texts]


def _exported(article: Article, *, offered: bool) -> ArticleContent:
    return article.released if offered and article.released else article.content


def _editor(editor: Mapping[str, str]) -> Editor:
    return Editor(str(editor["name"])[:64], ArticleRole(editor["role"]), str(editor.get("unit", "")))


def _filter(conditions: Mapping[str, Any], editor: Editor, today: date) -> ArticleFilter:
    try:
        days = conditions.get("expires_within")
        return ArticleFilter(
            state=ArticleState(conditions["state"]) if conditions.get("state") else None,
            unit=editor.unit if editor.role is ArticleRole.UNIT else str(conditions.get("unit", "")),
            line=str(conditions.get("line", "")),
            words=str(conditions.get("words", ""))[:100],
            expires_by=None if days in (None, "") else today + timedelta(days=min(int(str(days)), 3650)),
            reported=bool(conditions.get("reported")),
        )
    except ValueError as error:
        raise ArticleActRefused(_("a condition cannot be taken: {error}").format(error=error)) from None
