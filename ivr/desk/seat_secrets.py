"""The SIP account of a seat for its phone: user, password, PIN and QR code, shown to an admin by an audited act."""

from collections.abc import Mapping
from typing import Any

import segno

from ivr.desk.act_door import ActDoor
from ivr.desk.engine_link import EngineLink
from ivr.desk.refusals import DeskRefused
from ivr.desk.registry_view import RegistryView
from ivr.desk.visitor import Visitor
from ivr.people.rights import Act
from ivr.site.seat_accounts import SeatAccount, account_config
from ivr.texts import _


class SeatSecrets:
    """Shows the account of one seat at a time."""

    def __init__(self, registry: RegistryView, engine: EngineLink, door: ActDoor) -> None:
        """Add the act to the door."""
        self._registry, self._engine, self._door = registry, engine, door
        door.add({Act.SHOW_SECRETS: self.show})

    async def show(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Return the account of a seat, as ``ivr seats SEAT --secrets`` does, with its QR code as an image."""
        seat = args.get("seat")
        if not isinstance(seat, str) or seat not in self._registry.current.seats:
            text = _("{seat} is not a seat of this hotline").format(seat=ascii(seat))
            raise DeskRefused(404, "unknown", text, "seat")
        await self._door.audit(visitor, Act.SHOW_SECRETS, seat)
        accounts: list[SeatAccount] = await self._engine.ask("seats", visitor.language)
        account = next((candidate for candidate in accounts if candidate["seat"] == seat), None)
        if account is None or not account["password"]:
            raise DeskRefused(409, "refused", _("the password of this seat is made by the next start or reload"))
        return {**account, "qr": segno.make(account_config(account), error="l").svg_data_uri()}
