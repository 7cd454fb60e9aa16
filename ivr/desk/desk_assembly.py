"""Puts the parts of the desk together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ivr.desk.act_door import ActDoor
from ivr.desk.alarm_routes import AlarmActs
from ivr.desk.desk_services import DeskServices
from ivr.desk.engine_link import EngineLink
from ivr.desk.knowledge.article_acts import ArticleActs
from ivr.desk.live_calls import LiveCalls
from ivr.desk.live_feed import LiveFeed
from ivr.desk.live_state import LiveState
from ivr.desk.orders.directory_view import DirectoryView
from ivr.desk.orders.order_acts import OrderActs
from ivr.desk.own_acts import OwnActs
from ivr.desk.page_accounts import PageAccounts
from ivr.desk.people_routes import PeopleActs
from ivr.desk.planned_changes import PlannedChanges
from ivr.desk.presence import Presence
from ivr.desk.prompt_routes import PromptActs
from ivr.desk.quality_acts import QualityActs
from ivr.desk.refusals import DeskRefused
from ivr.desk.registry_acts import RegistryActs
from ivr.desk.registry_application import RegistryApplication
from ivr.desk.registry_view import RegistryView
from ivr.desk.seat_secrets import SeatSecrets
from ivr.desk.token_routes import TokenActs
from ivr.editing.registry_drafting import RegistryDrafting
from ivr.knowledge.article_decision import KnowledgeScope
from ivr.knowledge.knowledge_requests import KnowledgeRequests
from ivr.knowledge.meaning_loader import MeaningLoader
from ivr.orders.order_requests import OrderRequests
from ivr.records.store.database import Database
from ivr.runtime.layout import Home

_PAGE = Path(__file__).parent / "static"
_HASHED_AT_ONCE = 2  # passwords


def desk_services(home: Home, database: Database, engine: EngineLink, now: Callable[[], datetime]) -> DeskServices:
    """Return the parts; ``now`` returns the city's time."""
    registry, state = RegistryView(home), LiveState()
    directory = DirectoryView(home, registry)
    feed = LiveFeed(state, LiveCalls(home.cel / "cel.csv", home.queue_log), engine, registry, database, now)
    door = ActDoor(database, engine, state, now)

    async def page_gone(seat: str) -> None:
        with suppress(DeskRefused):
            await engine.ask("page_gone", seat=seat)

    async def page_back(seat: str) -> None:
        with suppress(DeskRefused):
            await engine.ask("page_back", seat=seat)

    presence = Presence(page_gone, page_back)
    AlarmActs(database, registry, door, feed, now)
    OwnActs(database, registry, door, presence, feed, now)
    PageAccounts(home, door, presence)
    QualityActs(database, door)
    PeopleActs(database, registry, directory, door, presence, now)
    orders = OrderRequests(database, lambda: directory.current, now)
    OrderActs(orders, door)
    drafting = RegistryDrafting(home, database, now)
    application = RegistryApplication(home, drafting, engine)
    RegistryActs(home, database, drafting, application, door, now)

    def scope() -> KnowledgeScope:
        lines = frozenset(line.number for line in registry.current.lines)
        orders_yaml = directory.current
        return KnowledgeScope(frozenset(orders_yaml.units), lines, orders_yaml.notifies)

    knowledge = KnowledgeRequests(database, scope, now, MeaningLoader(database))
    ArticleActs(knowledge, door)
    PromptActs(drafting, door)
    SeatSecrets(registry, engine, door)
    TokenActs(database, door, now)
    return DeskServices(
        home=home,
        database=database,
        registry=registry,
        directory=directory,
        orders=orders,
        knowledge=knowledge,
        engine=engine,
        state=state,
        feed=feed,
        door=door,
        presence=presence,
        drafting=drafting,
        planned=PlannedChanges(database, application, presence, now),
        hashing=ThreadPoolExecutor(_HASHED_AT_ONCE, "password"),
        now=now,
        page=_PAGE,
    )
