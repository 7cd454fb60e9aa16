"""REST: the registry as an admin edits it: drafts, their effects, a tried call, the history."""

import asyncio
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from ivr.desk.desk_services import DeskServices, services_of
from ivr.desk.http_guard import guarded, json_body
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.refusals import DeskRefused
from ivr.desk.registry_acts import draft_answer, draft_view
from ivr.desk.registry_application import problems_refusal
from ivr.desk.visitor import Visitor, visitor_of
from ivr.editing import drafts
from ivr.editing.drafts import DraftState, RegistryDraft
from ivr.editing.registry_drafting import BaseConflict, CheckedDraft
from ivr.editing.text_merge import difference
from ivr.people.rights import Act
from ivr.registry.load import load
from ivr.registry.problems import RegistryError
from ivr.registry.tree import LARGEST
from ivr.routing import decide
from ivr.routing.calendar import moment
from ivr.routing.explain import as_data, everybody
from ivr.shipped import RECORDINGS
from ivr.site import registry_history
from ivr.site.candidate import RegistryCandidate
from ivr.site.prompt_catalogue import catalogue
from ivr.site.registry_difference import registry_difference
from ivr.texts import _

_LONGEST_TEXT = 4 * LARGEST  # bytes
_LAST = 20  # drafts shown after their end


def registry_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    registry = f"{api}/registry"
    return [
        Route(registry, guarded(overview), methods=["GET"]),
        Route(f"{registry}/draft", guarded(draft), methods=["GET"]),
        Route(f"{registry}/draft", guarded(replace), methods=["PUT"]),
        Route(f"{registry}/draft/difference", guarded(effects), methods=["GET"]),
        Route(f"{registry}/draft/route", guarded(route), methods=["GET"]),
        Route(f"{registry}/history", guarded(history), methods=["GET"]),
        Route(f"{registry}/history/{{id}}", guarded(version), methods=["GET"]),
    ]


async def overview(request: Request) -> dict[str, Any]:
    """GET: the site's file, the registry in force, all drafts, planned changes, and the results of earlier changes."""
    services, _visitor = await permitted_visitor(request, Act.READ_REGISTRY)
    drafting = services.drafting

    def overview_json() -> dict[str, Any]:
        ended_drafts = drafts.drafts(services.database, DraftState.APPLIED, DraftState.FAILED)[:_LAST]
        in_force = registry_history.in_force(services.home)
        return {
            "file": str(drafting.files.numbers),
            "closed": drafting.files.closed(),
            "in_force": {"at": in_force.at.isoformat(timespec="seconds"), "by": in_force.by},
            "file_differs": drafting.files.text() != in_force.text.removeprefix("\ufeff"),
            "open": [draft.to_json() for draft in drafts.drafts(services.database, DraftState.OPEN)],
            "planned": [draft.to_json() for draft in drafts.drafts(services.database, DraftState.PLANNED)],
            "over": [draft.to_json() for draft in ended_drafts if draft.due_at],
        }

    return await draft_answer(overview_json)


async def draft(request: Request) -> dict[str, Any]:
    """GET: the own draft, or the site's file as it is now: its text, a table, and the result of `ivr check`."""
    services, visitor = await permitted_visitor(request, Act.READ_REGISTRY)

    def draft_json() -> dict[str, Any]:
        own_draft, checked = _checked_draft(services, visitor)
        conflict = None
        if own_draft.id:
            try:
                services.drafting.must_fit(own_draft)
            except BaseConflict as base:
                conflict = {"theirs": base.theirs, "mine": base.mine, "recordings": base.recordings}
        view = draft_view(own_draft, checked)
        return {**view, "changes": difference(own_draft.base, own_draft.text), "conflict": conflict}

    return await draft_answer(draft_json)


async def replace(request: Request) -> dict[str, Any]:
    """PUT: the whole text of the own draft: ``text``, and the ``version`` that was read; registry.edit."""
    services = services_of(request)
    visitor = await visitor_of(request, services)
    return await services.door.do(visitor, Act.EDIT_REGISTRY, await json_body(request, _LONGEST_TEXT))


async def effects(request: Request) -> dict[str, Any]:
    """GET: the changes of the own draft, and the numbers whose calls would change, as ``ivr diff --json``."""
    services, visitor = await permitted_visitor(request, Act.READ_REGISTRY)

    def difference_json() -> dict[str, Any]:
        candidate = _candidate(services, visitor)
        return dict(registry_difference(services.home, services.registry.current, candidate, services.now()).to_json())

    return await draft_answer(difference_json)


async def route(request: Request) -> dict[str, Any]:
    """GET: the steps of a call to ``number``, from ``caller``, ``at`` a time, by the own draft, as ``ivr route``."""
    services, visitor = await permitted_visitor(request, Act.READ_REGISTRY)
    query = request.query_params
    number, caller = query.get("number", "")[:40], query.get("caller", "")[:40]
    call_time = _moment(query.get("at", ""), services.now())

    def route_json() -> dict[str, Any]:
        candidate = _candidate(services, visitor)
        registry, prompts = candidate.registry, candidate.catalogue
        live = everybody(registry)
        words, lengths = prompts.texts(prompts.prompts), prompts.seconds(prompts.prompts)
        return dict(as_data(registry, decide.plan(registry, number, caller, call_time, live), live, words, lengths))

    return await draft_answer(route_json)


async def history(request: Request) -> dict[str, Any]:
    """GET: every registry that was in force, newest first, with its author."""
    services, _visitor = await permitted_visitor(request, Act.READ_REGISTRY)
    versions = await asyncio.to_thread(registry_history.history, services.home)
    return {
        "history": [
            {"id": registry_history.version_id(entry), "at": entry.at.isoformat(timespec="seconds"), "by": entry.by}
            for entry in versions
        ]
    }


async def version(request: Request) -> dict[str, Any]:
    """GET: an earlier registry, and the changes that a rollback to it would make in the text in force."""
    services, _visitor = await permitted_visitor(request, Act.READ_REGISTRY)
    version_id = request.path_params["id"]

    def version_json() -> dict[str, Any]:
        versions = registry_history.history(services.home)
        earlier_version = next((entry for entry in versions if registry_history.version_id(entry) == version_id), None)
        if earlier_version is None:
            raise DeskRefused(404, "unknown", _("no registry of the history has this id"), "id")
        in_force, text = registry_history.current(services.home), earlier_version.text
        try:
            load(text, str(earlier_version.path), catalogue(RECORDINGS, earlier_version.recordings).prompts)
            problems = []
        except RegistryError as error:  # because this version of the program checks more
            problems = [str(problem) for problem in error.problems]
        return {"text": text, "difference": difference(in_force, text), "problems": problems}

    return await draft_answer(version_json)


def _checked_draft(services: DeskServices, visitor: Visitor) -> tuple[RegistryDraft, CheckedDraft]:
    """Return the own draft; if there is none, a draft with the site's file that is not stored."""
    own_draft = services.drafting.draft_of(visitor.user)
    if own_draft is None:
        text = services.drafting.files.text()
        own_draft = RegistryDraft(0, visitor.user, DraftState.OPEN, 0, text, text, "", None, "", services.now())
    return own_draft, services.drafting.check(own_draft)


def _candidate(services: DeskServices, visitor: Visitor) -> RegistryCandidate:
    _draft, checked = _checked_draft(services, visitor)
    if checked.candidate is None:
        raise problems_refusal(checked.problems)
    return checked.candidate


def _moment(text: str, now: datetime) -> datetime:
    if not text:
        return now
    try:
        return moment(text, now)
    except ValueError:
        text = _("write a time as 2026-03-31T09:30, or 09:30 for today")
        raise DeskRefused(422, "invalid", text, "at") from None
