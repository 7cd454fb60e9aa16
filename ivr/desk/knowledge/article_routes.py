"""REST: the search of articles, lists, single articles, versions. The act ``article.act`` changes an article."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from ivr.desk.http_guard import guarded
from ivr.desk.knowledge.article_acts import article_answer
from ivr.desk.knowledge.article_editor import editor_of
from ivr.desk.orders.order_call import words_at_menu
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.refusals import DeskRefused
from ivr.knowledge.article_life_cycle import (
    ARTICLE_RULES,
    ArticleRole,
    ArticleState,
    article_act_title,
    article_state_title,
)
from ivr.people.rights import Act
from ivr.texts import _

_MOST = 500
_LONGEST = 200  # characters of a condition
_CONDITIONS = ("state", "unit", "line", "words", "expires_within", "reported", "after")


def article_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [
        Route(f"{api}/knowledge/search", guarded(search), methods=["GET"]),
        Route(f"{api}/knowledge/words", guarded(words), methods=["GET"]),
        Route(f"{api}/knowledge/articles", guarded(articles), methods=["GET"]),
        Route(f"{api}/knowledge/articles/{{article}}", guarded(article), methods=["GET"]),
        Route(f"{api}/knowledge/articles/{{article}}/versions/{{version:int}}", guarded(version), methods=["GET"]),
    ]


async def search(request: Request) -> dict[str, Any]:
    """GET: articles on offer that answer ``q``, or the words of the caller of ``call_id`` at the menu."""
    services, visitor = await permitted_visitor(request, Act.READ_ARTICLES)
    query, caller_words = request.query_params.get("q", "")[:_LONGEST], ""
    if call_id := request.query_params.get("call_id"):
        caller_words = words_at_menu(await services.door.own_or_all(visitor, call_id, Act.READ_CALLS))
    words = query.strip() or caller_words
    articles = (
        await article_answer(partial(services.knowledge.search, words, limit_of(request, 10, 50))) if words else []
    )
    return {"query": words, "articles": articles}


async def words(request: Request) -> dict[str, Any]:
    """GET: the names of units, states and acts, and the capacity in which the visitor acts."""
    services, visitor = await permitted_visitor(request, Act.READ_ARTICLES)
    role = ArticleRole(editor_of(visitor)["role"])
    acts = {
        act.value: {"title": article_act_title(act), "states": [state.value for state in rule.begin],
                    "needs": list(rule.needs), "may": list(rule.may)}
        for act, rule in ARTICLE_RULES.items() if role in rule.roles and visitor.may(Act.ARTICLE)
    }  # fmt: skip
    states = {state.value: article_state_title(state) for state in ArticleState}
    own_unit = editor_of(visitor)["unit"]
    units = [own_unit] if own_unit else list(services.directory.current.units)
    return {"role": role.value, "units": units, "states": states, "acts": acts}


async def articles(request: Request) -> dict[str, Any]:
    """GET: articles with their state that meet the conditions of the query; a unit gets its own."""
    services, visitor = await permitted_visitor(request, Act.READ_ARTICLES)
    query = request.query_params
    conditions = {name: query[name][:_LONGEST] for name in _CONDITIONS if query.get(name)}
    limit = limit_of(request, 100, _MOST)
    listing = partial(services.knowledge.listing, editor_of(visitor), conditions, limit + 1)
    page_of_articles = await article_answer(
        listing, status=403 if editor_of(visitor)["role"] == ArticleRole.AGENT else 422
    )
    return {"articles": page_of_articles[:limit], "more": len(page_of_articles) > limit}


async def article(request: Request) -> dict[str, Any]:
    """GET: an article; its unit and reviewers get its draft and its acts, too."""
    services, visitor = await permitted_visitor(request, Act.READ_ARTICLES)
    showing = partial(services.knowledge.show, editor_of(visitor), request.path_params["article"])
    article_json: dict[str, Any] = await article_answer(showing, status=404)
    return article_json


async def version(request: Request) -> dict[str, Any]:
    """GET: the content of one version, for the unit of the article and for reviewers."""
    services, visitor = await permitted_visitor(request, Act.READ_ARTICLES)
    name, number = request.path_params["article"], request.path_params["version"]
    reading = partial(services.knowledge.version, editor_of(visitor), name, number)
    content_json: dict[str, Any] = await article_answer(reading, status=404)
    return content_json


def limit_of(request: Request, default: int, largest: int) -> int:
    """Return how many objects a request asks for.

    Raises:
        DeskRefused: ``limit`` is no number.
    """
    try:
        return max(1, min(int(request.query_params.get("limit", default)), largest))
    except ValueError:
        raise DeskRefused(422, "invalid", _("limit is a number"), "limit") from None
