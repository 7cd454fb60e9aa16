"""The articles on offer for the public (群众自助查询), without a session: pages and REST. numbers.yaml turns them on.

A visitor is a stranger: nothing is changed, a query is short, and few searches run at once, because agents at the
desk must not wait for them.
"""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ivr.desk.desk_services import DeskServices, services_of
from ivr.desk.http_guard import guarded
from ivr.desk.knowledge.article_routes import limit_of
from ivr.desk.refusals import DeskRefused
from ivr.texts import _

_LONGEST = 80  # characters of a query
_AT_ONCE = 2  # searches
_WAITING = 20  # further searches that wait; the next search is refused
_PAGES = Environment(
    loader=PackageLoader("ivr.desk.knowledge", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_STYLE = (Path(__file__).parent / "public_articles.css").read_text(encoding="utf-8")


class PublicArticles:
    """The routes, and the searches that run."""

    def __init__(self) -> None:
        """Begin without a search."""
        self._running = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    def rest(self, api: str) -> list[Route]:
        """Return the routes below the API's address."""
        return [
            Route(f"{api}/public/knowledge/search", guarded(self.search), methods=["GET"]),
            Route(f"{api}/public/knowledge/articles", guarded(self.articles), methods=["GET"]),
            Route(f"{api}/public/knowledge/articles/{{article}}", guarded(self.article), methods=["GET"]),
        ]

    def pages(self) -> list[Route]:
        """Return the routes of the pages."""
        return [
            Route("/public/knowledge", guarded(self.search_page), methods=["GET"]),
            Route("/public/knowledge.css", guarded(self.style), methods=["GET"]),
            Route("/public/knowledge/{article}", guarded(self.article_page), methods=["GET"]),
        ]

    async def search(self, request: Request) -> dict[str, Any]:
        """GET: articles on offer that answer ``q``; for the public, if numbers.yaml says so."""
        query = request.query_params.get("q", "")[:_LONGEST].strip()
        articles = await self._ask(request, "search", query=query, limit=limit_of(request, 10, 20)) if query else []
        _services_if_public(request)
        return {"query": query, "articles": [_shown(article) for article in articles]}

    async def articles(self, request: Request) -> dict[str, Any]:
        """GET: articles on offer by name, those behind ``after``; for the public, if numbers.yaml says so."""
        limit = limit_of(request, 100, 200)
        last_name = request.query_params.get("after", "")[:_LONGEST]
        page_of_articles = await self._ask(request, "offered", after=last_name, limit=limit + 1)
        return {
            "articles": [_shown(article) for article in page_of_articles[:limit]],
            "more": len(page_of_articles) > limit,
        }

    async def article(self, request: Request) -> dict[str, Any]:
        """GET: one article on offer; for the public, if numbers.yaml says so."""
        articles = await self._ask(request, "offered", article=request.path_params["article"])
        if not articles:
            raise DeskRefused(404, "unknown", _("nothing was found at this address"))
        return _shown(articles[0])

    async def search_page(self, request: Request) -> Response:
        """Show the search and its results."""
        return _page(request, "search.html.j2", **await self.search(request))

    async def article_page(self, request: Request) -> Response:
        """Show one article."""
        return _page(request, "article.html.j2", article=await self.article(request))

    async def style(self, request: Request) -> Response:
        """Return the style of the pages."""
        _services_if_public(request)
        return Response(_STYLE, media_type="text/css")

    async def _ask(self, request: Request, method: str, **arguments: object) -> list[dict[str, Any]]:
        services = _services_if_public(request)
        if self._waiting >= _WAITING:
            raise DeskRefused(429, "busy", _("too many people search at this moment; try again"), retry_after_s=2)
        self._waiting += 1
        try:
            async with self._running:
                articles: list[dict[str, Any]] = await asyncio.to_thread(
                    partial(getattr(services.knowledge, method), **arguments)
                )
        finally:
            self._waiting -= 1
        return articles


def _services_if_public(request: Request) -> DeskServices:
    """Return the services.

    Raises:
        DeskRefused: the city has not opened the knowledge base to the public.
    """
    services = services_of(request)
    if not services.registry.current.knowledge.public:
        raise DeskRefused(404, "unknown", _("nothing was found at this address"))
    return services


def _shown(article: dict[str, Any]) -> dict[str, Any]:
    names = ("article", "version", "title", "questions", "short", "long", "sources", "unit", "line", "valid_until")
    return {name: article[name] for name in names}


def _page(request: Request, template: str, **values: object) -> Response:
    services = services_of(request)
    city = services.registry.current.city.name
    words = {
        "title": _("{city} 12345: questions and answers").format(city=city),
        "search": _("Search"),
        "ask": _("What would you like to know?"),
        "none": _("No answer was found. Dial 12345: an agent helps you at any hour."),
        "more": _("Dial 12345 for any other matter. In an emergency dial 110, 119, 120 or 122."),
        "sources": _("Sources"),
        "unit": _("Kept by"),
        "until": _("Valid until"),
        "back": _("To the search"),
    }
    language = "en" if _("Search") == "Search" else "zh-CN"
    return HTMLResponse(_PAGES.get_template(template).render(words=words, language=language, **values))
