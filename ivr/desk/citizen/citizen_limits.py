"""Limits of the citizens' page: the number of requests from an address, and from all addresses together."""

from collections.abc import Collection
from datetime import datetime, timedelta
from ipaddress import ip_address

from sqlalchemy import Connection, delete, func, insert, select

from ivr.orders.directory_model import CitizenPage
from ivr.orders.store.order_schema import CITIZEN_REQUESTS
from ivr.records.store.database import Database

_HOUR = timedelta(hours=1)
_KEPT = timedelta(days=1)
_MATTER = "matter"
_WRONG_OF_ADDRESS, _WRONG_OF_ORDER = 20, 20  # wrong secrets in an hour; a secret has 50 bits


def citizen_address(peer: str, forwarded: str, proxies: Collection[str]) -> str:
    """Return the peer's address; if the peer is a proxy that orders.yaml names, the address before it. Pure.

    Each proxy adds the address of its peer at the end of X-Forwarded-For. The last address that is no such proxy is the
    citizen's; the sender may have forged the addresses before it.
    """
    addresses = [*(address.strip() for address in forwarded.split(",")), peer]
    while len(addresses) > 1 and addresses[-1] in proxies:
        addresses.pop()
    try:
        return str(ip_address(addresses[-1]))
    except ValueError:
        return peer


def may_file(database: Database, page: CitizenPage, address: str, now: datetime) -> bool:
    """Tell whether another matter may come from an address now, and count it.

    Raises:
        DatabaseUnusable: the database cannot be used.
    """
    with database.begin() as connection:
        connection.execute(delete(CITIZEN_REQUESTS).where(CITIZEN_REQUESTS.c.at < now - _KEPT))
        of_all = _count(connection, now, about=_MATTER)
        of_address = _count(connection, now, about=_MATTER, address=address)
        if of_all >= page.all_hour or of_address >= page.each_hour:
            return False
        _note(connection, now, address, _MATTER)
    return True


def may_look(database: Database, address: str, order: str, now: datetime) -> bool:
    """Tell whether another secret may be tried.

    Raises:
        DatabaseUnusable: the database cannot be used.
    """
    with database.begin() as connection:
        of_order = _count(connection, now, about=order)
        of_address = _count(connection, now, address=address) - _count(connection, now, about=_MATTER, address=address)
    return of_order < _WRONG_OF_ORDER and of_address < _WRONG_OF_ADDRESS


def note_wrong(database: Database, address: str, order: str, now: datetime) -> None:
    """Count a wrong secret.

    Raises:
        DatabaseUnusable: the database cannot be used.
    """
    with database.begin() as connection:
        _note(connection, now, address, order)


def _note(connection: Connection, now: datetime, address: str, about: str) -> None:
    connection.execute(insert(CITIZEN_REQUESTS).values(at=now, address=address, about=about))


def _count(connection: Connection, now: datetime, **columns: str) -> int:
    query = select(func.count()).select_from(CITIZEN_REQUESTS).where(CITIZEN_REQUESTS.c.at > now - _HOUR)
    for name, value in columns.items():
        query = query.where(CITIZEN_REQUESTS.c[name] == value)
    return connection.execute(query).scalar_one()
