"""The shared services of the desk's routes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.requests import HTTPConnection

from ivr.desk.act_door import ActDoor
from ivr.desk.engine_link import EngineLink
from ivr.desk.live_feed import LiveFeed
from ivr.desk.live_state import LiveState
from ivr.desk.orders.directory_view import DirectoryView
from ivr.desk.planned_changes import PlannedChanges
from ivr.desk.presence import Presence
from ivr.desk.registry_view import RegistryView
from ivr.editing.registry_drafting import RegistryDrafting
from ivr.knowledge.knowledge_requests import KnowledgeRequests
from ivr.orders.order_requests import OrderRequests
from ivr.records.store.database import Database
from ivr.runtime.layout import Home


@dataclass(frozen=True, slots=True)
class DeskServices:
    """The parts of the desk's process."""

    home: Home
    database: Database
    registry: RegistryView
    directory: DirectoryView
    orders: OrderRequests
    knowledge: KnowledgeRequests
    engine: EngineLink
    state: LiveState
    feed: LiveFeed
    door: ActDoor
    presence: Presence
    drafting: RegistryDrafting
    planned: PlannedChanges
    hashing: ThreadPoolExecutor  # passwords, few at once: each takes 64 MiB
    now: Callable[[], datetime]
    page: Path  # the folder of the built page


def services_of(connection: HTTPConnection) -> DeskServices:
    """Return the services of the application that serves a connection."""
    services: DeskServices = connection.app.state.desk
    return services
