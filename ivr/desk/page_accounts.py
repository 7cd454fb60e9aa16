"""The SIP account of the phone in a page. Only the page of the person at that seat gets it."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from ivr.desk import sip_sockets
from ivr.desk.act_door import ActDoor
from ivr.desk.presence import Presence
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import Visitor
from ivr.people.rights import Act
from ivr.runtime import secrets
from ivr.runtime.errors import SecretsUnreadable
from ivr.runtime.layout import Home
from ivr.runtime.page_phones import TEST_CALL_PHONE, page_phone
from ivr.texts import _

log = logging.getLogger(__name__)

_TEST_CALL = "test-call"


class PageAccounts:
    """Gives accounts. A password needs a session, because Asterisk accepts it from the desk's process only."""

    def __init__(self, home: Home, door: ActDoor, presence: Presence) -> None:
        """Add the act to the door."""
        self._home, self._presence = home, presence
        door.add({Act.PHONE_ACCOUNT: self.account})

    async def account(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Return the account of the visitor's seat, or the account of test calls (试拨).

        Args:
            visitor: sits at the seat.
            args: ``for``: ``test-call``; ``take``: whether another page of the seat that has the phone gives it up.
        """
        if args.get("for") == _TEST_CALL:
            phone = TEST_CALL_PHONE
        elif visitor.seat is None:
            raise DeskRefused(409, "no-seat", _("choose a seat first"))
        elif visitor.page and not self._presence.take_phone(visitor.page, by_force=args.get("take") is True):
            text = _("the phone of seat {seat} is in another tab or browser").format(seat=visitor.seat)
            raise DeskRefused(409, "elsewhere", text)
        else:
            phone = page_phone(visitor.seat)
        try:
            passwords = await asyncio.to_thread(secrets.load, self._home.secrets)
        except (OSError, SecretsUnreadable) as error:
            log.error("%s", error)
            text = _("the passwords of the phones cannot be read; the reason is in log/desk.log")
            raise DeskRefused(503, "engine-away", text) from None
        password = secrets.page_password(passwords, phone)
        return {"uri": f"sip:{phone}@hotline", "user": phone, "password": password, "ws": sip_sockets.ADDRESS}
