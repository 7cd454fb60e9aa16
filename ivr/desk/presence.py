"""The connected pages: messages to them, and a report to the engine when the last page of a seat disconnects."""

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
    page: str = ""  # identifies a page that connects again
    has_phone: bool = False  # the phone of the seat runs in this page
    notices: "asyncio.Queue[dict[str, Any]]" = field(default_factory=lambda: asyncio.Queue(_MOST_MESSAGES))
    ended: asyncio.Event = field(default_factory=asyncio.Event)  # the session is over


class Presence:
    """All open pages."""

    def __init__(
        self, page_gone: Callable[[str], Awaitable[None]], page_back: Callable[[str], Awaitable[None]]
    ) -> None:
        """``page_gone`` gets a seat when its last page disconnects, ``page_back`` when its first page connects."""
        self._report_gone, self._report_back = page_gone, page_back
        self._pages: set[PageConnection] = set()

    async def page_connected(self, page: PageConnection) -> None:
        """Add a page that connected."""
        is_first = page.seat is not None and not any(other_page.seat == page.seat for other_page in self._pages)
        self._pages.add(page)
        if page.has_phone and any(other_page.has_phone for other_page in self._other_pages(page)):
            page.has_phone = False  # another page took the phone while this page was not connected
            self._notify([page], {"notice": "phone-taken"})
        if is_first and page.seat:
            await self._report_back(page.seat)

    async def page_disconnected(self, page: PageConnection) -> None:
        """Remove a page that disconnected."""
        self._pages.discard(page)
        if page.has_phone and not any(other_page.page == page.page for other_page in self._pages):
            self._notify(self._other_pages(page), {"notice": "phone-free"})
        if page.seat and not any(other_page.seat == page.seat for other_page in self._pages):
            await self._report_gone(page.seat)

    async def seat_changed(self, session: str, seat: str | None) -> None:
        """Record that a person works at another seat now."""
        for page in [connected for connected in self._pages if connected.session == session]:
            await self.page_disconnected(page)
            page.seat = seat
            await self.page_connected(page)

    def take_phone(self, page: PageConnection, *, by_force: bool) -> bool:
        """Let the phone of a page's seat run in that page; return whether it may.

        Args:
            page: the page that wants the phone.
            by_force: whether a page that has the phone now loses it.
        """
        holders = [holder for holder in self._other_pages(page) if holder.has_phone]
        if holders and not by_force:
            return False
        for holder in holders:
            holder.has_phone = False
        self._notify(holders, {"notice": "phone-taken"})
        page.has_phone = True
        return True

    def seats(self) -> list[str]:
        """Return the seats that have a page."""
        return sorted({page.seat for page in self._pages if page.seat})

    def count(self) -> int:
        """Return the number of open pages."""
        return len(self._pages)

    def tell(self, notice: dict[str, Any], seats: Iterable[str] | None) -> int:
        """Send a notice to the pages of these seats, or to all pages if None; return the number of pages."""
        chosen_seats = None if seats is None else set(seats)
        return self._notify([page for page in self._pages if chosen_seats is None or page.seat in chosen_seats], notice)

    def end(self, *, user: str = "", session: str = "", kept_session: str = "") -> None:
        """End the connections of a user, or of a session."""
        for page in self._pages:
            if page.session != kept_session and (page.user == user or page.session == session):
                page.ended.set()

    def _other_pages(self, page: PageConnection) -> list[PageConnection]:
        """Return the other pages of the same seat."""
        if page.seat is None:
            return []
        return [
            other_page
            for other_page in self._pages
            if other_page is not page
            and other_page.seat == page.seat
            and not (page.page and other_page.page == page.page)
        ]

    def _notify(self, pages: Iterable[PageConnection], notice: dict[str, Any]) -> int:
        reached_pages = 0
        for page in pages:
            try:
                page.notices.put_nowait(notice)
                reached_pages += 1
            except asyncio.QueueFull:
                continue
        return reached_pages
