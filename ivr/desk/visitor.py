"""The visitor of a request: a person with a session, or a program with a token, and the visitor's rights."""

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from ivr.desk.refusals import DeskRefused
from ivr.people import api_tokens, desk_sessions
from ivr.people.desk_sessions import DeskSession
from ivr.people.rights import Act, Role, acts_of
from ivr.records.store.database import DatabaseUnusable
from ivr.texts import _, speak

if TYPE_CHECKING:
    from ivr.desk.desk_services import DeskServices
    from ivr.desk.presence import PageConnection

COOKIE = "__Host-desk"
_LANGUAGE = re.compile(r"\s*(zh|en)\b", re.IGNORECASE)
_LONGEST_COOKIE = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person, or a program."""

    user: str  # of a program "token:NAME"
    name: str
    rights: frozenset[Act]
    seat: str | None
    address: str
    language: str  # a locale name for `ivr.texts.speak`
    session: DeskSession | None = None  # None: a program
    cookie: str = ""
    page: "PageConnection | None" = None  # None: a request of REST

    def must(self, act: Act) -> None:
        """Return normally if the visitor may do the act.

        Raises:
            DeskRefused: no role or scope of the visitor has the right.
        """
        if act not in self.rights:
            raise DeskRefused(403, "forbidden", _("{name} has no right to: {act}").format(name=self.name, act=act))

    def may(self, act: Act) -> bool:
        """Return whether the visitor may do the act."""
        return act in self.rights


def language_of(connection: HTTPConnection) -> str:
    """Return the locale of the visitor's language, and speak it in this task."""
    languages = connection.query_params.get("language") or connection.headers.get("accept-language", "")
    match = _LANGUAGE.match(languages)
    locale = "en_US" if match and match[1].lower() == "en" else "zh_CN"
    speak([locale])
    return locale


def check_origin(connection: HTTPConnection) -> None:
    """Return normally if the request comes from the desk's own page.

    Raises:
        DeskRefused: the request comes from another site, or has no Origin.
    """
    origin, host = connection.headers.get("origin", ""), connection.headers.get("host", "")
    if not host or origin != f"https://{host}":
        raise DeskRefused(403, "origin", _("the request does not come from the desk's own page"))


async def visitor_of(connection: HTTPConnection, services: "DeskServices") -> Visitor:
    """Return the visitor of a connection.

    Raises:
        DeskRefused: the request has no valid session or token, or the database cannot be used.
    """
    language, address = language_of(connection), address_of(connection)
    try:
        bearer = connection.headers.get("authorization", "")
        if bearer.startswith(f"Bearer {api_tokens.PREFIX}"):
            text = bearer.removeprefix("Bearer ")[:_LONGEST_COOKIE]
            token = await asyncio.to_thread(api_tokens.token_of, services.database, text, services.now())
            if token is not None:
                rights = frozenset(token.scopes)
                return Visitor(f"token:{token.name}", token.name, rights, None, address, language)
        elif cookie := connection.cookies.get(COOKIE, "")[:_LONGEST_COOKIE]:
            session = await asyncio.to_thread(desk_sessions.session_of, services.database, cookie, services.now())
            if session is not None:
                return visitor_of_session(session, cookie, address, language)
    except DatabaseUnusable as error:
        raise DeskRefused(503, "records-away", str(error)) from None
    raise DeskRefused(401, "signed-out", _("sign in first"))


def visitor_of_session(session: DeskSession, cookie: str, address: str, language: str) -> Visitor:
    """Return the visitor of a session. A visitor whose password an admin made may only change the password."""
    person = session.person
    rights = frozenset() if person.must_change else frozenset(acts_of(person.roles))
    return Visitor(person.user, person.name, rights, session.seat, address, language, session, cookie)


def address_of(connection: HTTPConnection) -> str:
    """Return the remote address of a connection."""
    return connection.client.host if connection.client else ""


def roles_of(visitor: Visitor) -> tuple[Role, ...]:
    """Return the roles of a person; () of a program."""
    return visitor.session.person.roles if visitor.session else ()
