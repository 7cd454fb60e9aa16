"""Acts on articles at the desk. The life cycle decides about them; the desk names the person who acts."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from ivr.desk.act_door import ActDoor
from ivr.desk.knowledge.article_editor import editor_of
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import Visitor
from ivr.knowledge.article_decision import ArticleActRefused
from ivr.knowledge.knowledge_requests import KnowledgeRequests
from ivr.people.rights import Act
from ivr.texts import _


class ArticleActs:
    """The act on an article."""

    def __init__(self, knowledge: KnowledgeRequests, door: ActDoor) -> None:
        """Add the act to the door."""
        self._knowledge, self._door = knowledge, door
        door.add({Act.ARTICLE: self.act})

    async def act(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Do an act of the life cycle to an article: ``{"article", "act", "fields"}``."""
        article, act, fields = args.get("article"), args.get("act"), args.get("fields", {})
        if not isinstance(article, str) or not isinstance(act, str) or not isinstance(fields, dict):
            raise DeskRefused(422, "invalid", _("name the article, the act and its fields"), "act")
        await self._door.audit(visitor, Act.ARTICLE, article, act)
        article_view = await article_answer(partial(self._knowledge.act, editor_of(visitor), article, act, fields))
        return {"article": article_view}


async def article_answer(request: partial[Any], status: int = 409) -> Any:  # noqa: ANN401 - what the function returns
    """Return the result of a function of `KnowledgeRequests`, which runs outside the loop.

    Raises:
        DeskRefused: the request is refused.
    """
    try:
        return await asyncio.to_thread(request)
    except ArticleActRefused as refusal:
        code = "unknown" if status == 404 else "refused"
        raise DeskRefused(status, code, str(refusal), refusal.field or None) from None
