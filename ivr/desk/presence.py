"""Whose pages are connected: messages to them, and what the engine is told when the last page of a seat goes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

_MOST_MESSAGES = 50  # that wait for one page


@dataclass(eq=False, slots=True)
class PageConnection:
    """One open WebSocket."""

    user: str
    session: str
    seat: str | None
    notices: "asyncio.Queue[dict[str, Any]]" = field(default_factory=lambda: asyncio.Queue(_MOST_MESSAGES))
    ended: asyncio.Event = field(default_factory=asyncio.Event)  # the session is over


class Presence:
    """All open pages."""

    def __init__(self, gone: Callable[[str], Awaitable[None]], back: Callable[[str], Awaitable[None]]) -> None:
        """``gone`` and ``back`` are told of a seat whose last page went, and of one whose first page came."""
        self._gone, self._back = gone, back
        self._pages: set[PageConnection] = set()

    async def came(self, page: PageConnection) -> None:
        """Count a page that connected."""
        is_first = page.seat is not None and not any(one.seat == page.seat for one in self._pages)
        self._pages.add(page)
        if is_first and page.seat:
            await self._back(page.seat)

    async def went(self, page: PageConnection) -> None:
        """Count a page off."""
        self._pages.discard(page)
        if page.seat and not any(one.seat == page.seat for one in self._pages):
            await self._gone(page.seat)

    async def moved(self, session: str, seat: str | None) -> None:
        """Take note that a person sits at another seat."""
        for page in [one for one in self._pages if one.session == session]:
            await self.went(page)
            page.seat = seat
            await self.came(page)

    def count(self) -> int:
        """Return how many pages are open."""
        return len(self._pages)

    def tell(self, notice: dict[str, Any], seats: Iterable[str] | None) -> int:
        """Send a notice to the pages of these seats, to all if None; return to how many."""
        wanted = None if seats is None else set(seats)
        told = 0
        for page in self._pages:
            if wanted is None or page.seat in wanted:
                try:
                    page.notices.put_nowait(notice)
                    told += 1
                except asyncio.QueueFull:
                    continue
        return told

    def end(self, *, user: str = "", session: str = "", but: str = "") -> None:
        """End the connections of a user, or of a session."""
        for page in self._pages:
            if page.session != but and (page.user == user or page.session == session):
                page.ended.set()
