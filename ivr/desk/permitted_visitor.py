"""The visitor of a request, and the desk's services, for a route that needs one right."""

from starlette.requests import Request

from ivr.desk.desk_services import DeskServices, services_of
from ivr.desk.visitor import Visitor, visitor_of
from ivr.people.rights import Act


async def permitted_visitor(request: Request, act: Act) -> tuple[DeskServices, Visitor]:
    """Return the services, and the visitor if the visitor may do ``act``.

    Raises:
        DeskRefused: the request has no valid session or token, the visitor may not do the act, or the database cannot
            be used.
    """
    services = services_of(request)
    visitor = await visitor_of(request, services)
    visitor.must(act)
    return services, visitor
