"""The engine process of one hotline: call scripts, call records, callbacks, metrics, and answers to commands."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial, wraps
from typing import Any, Self

from agi_scripts.pins import WrongPinCounter
from ivr.asterisk.agi.fastagi import FastAgiServer
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.config.console import Console, ConsoleError
from ivr.asterisk.config.phone_contacts import COMMAND, phone_contacts
from ivr.control import control_server
from ivr.control.control_client import RequestRefused
from ivr.engine import cluster_status, status
from ivr.engine.acts_over_nodes import ActsOverNodes
from ivr.engine.alarm_sender import AlarmSender
from ivr.engine.alarm_watch import AlarmWatch
from ivr.engine.article_reminders import ArticleReminders
from ivr.engine.article_sounds import ArticleSounds
from ivr.engine.auto_pause import AutoPause
from ivr.engine.callback_claims import CallbackClaims
from ivr.engine.clock_watch import ClockWatch
from ivr.engine.cluster_reload import ClusterReload
from ivr.engine.dead_calls import DeadCalls
from ivr.engine.desk_acts import DeskActs
from ivr.engine.doctor_over_nodes import findings_elsewhere, findings_here
from ivr.engine.engine_services import EngineServices
from ivr.engine.follow_up_calls import FollowUpCalls
from ivr.engine.left_consults import LeftConsults
from ivr.engine.live_status import live_status
from ivr.engine.log_rotation_schedule import LogRotationSchedule
from ivr.engine.metrics import HotlineCollector, Snapshot, count_failure
from ivr.engine.node_control import NodeControl
from ivr.engine.node_membership import NodeMembership
from ivr.engine.notification_sender import NotificationSender
from ivr.engine.order_desk import OrderDesk
from ivr.engine.own_sockets import OwnSockets
from ivr.engine.pages_over_nodes import PagesOverNodes
from ivr.engine.phone_hold_notes import PhoneHoldNotes
from ivr.engine.platform_push import PlatformPush
from ivr.engine.pressed_keys import PressedKeys
from ivr.engine.queue_homes import QueueHomes
from ivr.engine.record_importer import RecordImporter, wait_for_tables
from ivr.engine.recording_control import RecordingControl
from ivr.engine.refusal_log import RefusalLog
from ivr.engine.reload import Reloader
from ivr.engine.retention_purge import RetentionPurge
from ivr.engine.scripts import scripts
from ivr.engine.seats_elsewhere import SeatsElsewhere
from ivr.engine.shared_wrong_pins import SharedWrongPinCounter
from ivr.engine.sip_capture import SipCapture
from ivr.engine.speech_service import SpeechService
from ivr.engine.telephone_answers import TelephoneAnswers
from ivr.engine.transfer_refusals import TransferRefusals
from ivr.engine.trunk_monitor import TrunkMonitor
from ivr.engine.trunk_notifier import TrunkNotifier
from ivr.engine.unattended_groups import UnattendedGroups
from ivr.engine.unreadable_watch import UnreadableWatch
from ivr.engine.waiting_codes import WaitingCodes
from ivr.engine.web import Web
from ivr.engine.wrap_up import WrapUpEnd
from ivr.knowledge.meaning_loader import MeaningLoader
from ivr.people.accounts import AccountRefused
from ivr.people.administration import do_admin_act
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.registry.trunk_model import Trunk
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import asterisk, hotline_facts, secrets
from ivr.runtime.layout import Home
from ivr.signalling.call_traces import traced
from ivr.signalling.hep import CapturedPacket
from ivr.signalling.sip_message import parse
from ivr.site import in_force, registry_snapshot
from ivr.site.orders_in_force import directory_in_force
from ivr.site.registry_holder import RegistryHolder
from ivr.site.seat_accounts import SeatAccount, seat_accounts
from ivr.site.trunk_settings import trunks_in_force
from ivr.texts import _

log = logging.getLogger(__name__)

_AMI_RETRY = 0.3  # seconds


class Engine:
    """One hotline's engine; entering it starts serving."""

    def __init__(self, home: Home, database_url: str) -> None:
        """``database_url`` is the SQLAlchemy URL of the call records, with its password."""
        self._home = home
        self._facts = hotline_facts.read(home.hotline)
        registry = in_force.registry(home, self._facts.numbers)
        self._in_force = RegistryHolder(registry, directory_in_force(home, registry))
        registry_snapshot.keep(home, registry)  # in the form of this version of the program
        self._secrets = secrets.load_or_make(home.secrets, registry.seats)
        database = self._database = Database(database_url)
        self._recorder = RecordImporter(home, database, self._in_force, self._facts.node)
        self._ami = Ami("127.0.0.1", self._facts.ami_port, "engine", self._secrets.ami_password)
        self._reloader = Reloader(home, self._facts, asterisk.find(), self._in_force, _now, self._ami)
        homes = QueueHomes(self._facts.node, database, self._ami, Console(home.asterisk_socket), self._in_force)
        self._nodes = NodeMembership(
            home, database, self._recorder, self._reloader, self._ami, homes, self._node_status, _now
        )
        self._cluster_reload = ClusterReload(home, database, self._nodes, _now)
        self._recordings = RecordingControl(
            home, database, self._recorder.migrated, _now, self._ami, self._facts.node if self._facts.front else ""
        )
        self._retention = RetentionPurge(home, database, self._recorder, self._in_force, _now)
        self._orders = OrderDesk(database, self._recorder, self._in_force, _now)
        self._reminders = ArticleReminders(database, self._recorder, self._in_force, _now)
        by_meaning = MeaningLoader(database)  # loads once there are sounds, before the first caller asks
        self._sounds = ArticleSounds(home.answers, database, self._recorder, _now, by_meaning)
        self._answers = TelephoneAnswers(database, self._sounds, by_meaning, _now)
        self._follow_ups = FollowUpCalls(
            database, self._recorder, self._in_force, _now, self._ami, partial(secrets.order_code, self._secrets)
        )
        self._callbacks = CallbackClaims(database, self._in_force, _now, self._ami)
        sent_by_asterisk = OwnSockets(self._facts).sent
        self._refusals = RefusalLog(database, self._recorder.migrated)
        self._trunks = TrunkMonitor(
            self._ami,
            Console(home.asterisk_socket),
            self._trunks_in_force,
            self._refusals.add,
            TrunkNotifier(database, self._recorder.migrated).notify,
            self._reloader.move_hosts,
            sent_by_asterisk,
        )
        self._transfers = TransferRefusals(self._ami, sent_by_asterisk)
        self._phone_holds = PhoneHoldNotes(self._ami, sent_by_asterisk)
        self._elsewhere = SeatsElsewhere(self._ami)
        self._dead_calls = DeadCalls(Console(home.asterisk_socket), self._ami, lambda: self._in_force.current.seats)
        self._speech = SpeechService(
            self._in_force, self._facts.speech_port, prompts=self._home.prompts, weights=self._home.text_weights
        )
        self._wrap_up_end = WrapUpEnd(self._ami)
        self._desk = DeskActs(self._ami, self._in_force, self._callbacks, self._wrap_up_end)
        handlers_for_nodes: dict[str, control_server.Action] = {
            "act": self._desk.act,
            "doctor": partial(findings_here, home),
            "page-gone": self._desk.pages.page_gone,
        }
        self._exchange = NodeControl(database, self._facts.node, self._recorder.migrated, _refusing(handlers_for_nodes))
        self._pages = PagesOverNodes(self._desk.pages, self._exchange, self._nodes.others)
        self._acts = ActsOverNodes(self._desk, self._in_force, self._exchange, self._nodes.others, lambda: homes.groups)
        self._events = NotificationSender(database, self._secrets.events_key, self._events_url)
        self._platforms = PlatformPush(
            database,
            self._recorder,
            lambda: self._in_force.directory,
            lambda: secrets.platform_keys(home.secrets),
            _now,
        )
        self._unattended = UnattendedGroups(self._queues_if_callers_wait, self._in_force, database)
        migrated = self._recorder.migrated
        self._alarms = AlarmWatch(
            home,
            database,
            migrated,
            self._in_force,
            self._queues_and_trunks,
            lambda: self._recorder.lag,
            self._speech.hears,
            self._facts.node,
        )
        self._alarm_sender = AlarmSender(database, migrated, self._in_force, lambda: secrets.alarm_keys(home.secrets))
        self._started = _now()
        self._resources = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start to serve; call scripts come first."""
        self._agi = await self._resources.enter_async_context(
            FastAgiServer(scripts(self._script_services(), count_failure), port=self._facts.fastagi_port)
        )
        await self._speech.start(self._resources)
        await self._resources.enter_async_context(self._recorder)
        await self._resources.enter_async_context(self._recordings)
        await self._resources.enter_async_context(self._retention)
        await self._resources.enter_async_context(self._orders)
        await self._resources.enter_async_context(self._reminders)
        await self._resources.enter_async_context(self._sounds)
        await self._resources.enter_async_context(self._follow_ups)
        await self._resources.enter_async_context(LogRotationSchedule(self._home, _now))
        await self._resources.enter_async_context(self._elsewhere)
        await self._resources.enter_async_context(
            AutoPause(self._home.queue_log, self._ami, self._elsewhere.is_in_call_elsewhere)
        )
        await self._resources.enter_async_context(ClockWatch(self._ami))
        await self._resources.enter_async_context(self._unattended)
        await self._resources.enter_async_context(self._wrap_up_end)
        await self._resources.enter_async_context(self._events)
        await self._resources.enter_async_context(self._platforms)
        await self._resources.enter_async_context(self._refusals)
        await self._resources.enter_async_context(UnreadableWatch(self._home.unreadable_messages, self._refusals.add))
        await self._resources.enter_async_context(self._alarms)
        await self._resources.enter_async_context(self._alarm_sender)
        await self._resources.enter_async_context(self._trunks)
        await self._resources.enter_async_context(self._phone_holds)
        await self._resources.enter_async_context(self._dead_calls)
        self._capture = SipCapture(self._facts.hep_port, self._secrets.ami_password, self._watch_sip)
        self._resources.enter_context(self._capture)
        if self._facts.front:
            await self._resources.enter_async_context(self._nodes)
            await self._resources.enter_async_context(self._exchange)
        connecting = asyncio.create_task(self._connect_ami())
        self._resources.callback(self._ami.close)
        self._resources.callback(connecting.cancel)
        collector = HotlineCollector(self._snapshot, asyncio.get_running_loop())
        self._serve_metrics(Web(self._facts.http_port, collector, collector.health))
        control = await control_server.listen(self._home, _refusing(self._actions()))
        self._resources.callback(control.close)
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop serving, and import the lines that Asterisk has written."""
        await self._resources.aclose()

    def _script_services(self) -> EngineServices:
        return EngineServices(
            in_force=self._in_force,
            speech=self._speech,
            now=_now,
            has_prompt=self._has_prompt,
            seat_pins=self._pins,
            may_record=self._recordings.has_room,
            claim_callback=self._callbacks.claim,
            order_prompts=self._orders.spoken,
            find_answer=self._answers.find,
            followed_up=self._follow_ups.followed_up,
            pause_recording=self._recordings.pause,
            wrong_pins=SharedWrongPinCounter(self._database) if self._facts.node else WrongPinCounter(),
            watch_consult=LeftConsults(self._ami).watch,
            press_again=WaitingCodes(self._ami).press,
            keys_pressed=PressedKeys(self._ami).within,
        )

    def _serve_metrics(self, web: Web) -> None:
        """Serve health and metrics; if the port is taken, log it, because calls must not wait for metrics."""
        try:
            self._resources.enter_context(web)
        except OSError as error:
            log.error(_("health and metrics cannot be served on port %d: %s"), self._facts.http_port, error.strerror)

    async def _connect_ami(self) -> None:
        """Connect when Asterisk listens; after that the connection re-establishes itself."""
        while True:
            try:
                return await self._ami.connect()
            except AmiError as error:
                log.info("%s", error)
                await asyncio.sleep(_AMI_RETRY)

    def _actions(self) -> Mapping[str, control_server.Action]:
        return {
            "ping": self._ping,
            "seats": self._seats,
            "calls": self._recorder.calls,
            "orders": self._orders.listing,
            "order": self._orders.show,
            "order-act": self._orders.act,
            "order-report": self._orders.report,
            "platforms": self._platforms.push_states,
            "platform-message": self._platforms.message,
            "missed": self._recorder.missed,
            "callbacks": self._callbacks.listing,
            "ring": self._callbacks.ring,
            "status": self._status_with_phones,
            "live": self._live,
            "act": self._acts.act if self._facts.front else self._desk.act,
            "doctor-elsewhere": self._doctor_elsewhere,
            "page_gone": self._pages.page_gone,
            "page_back": self._pages.page_back,
            "pages": self._pages.pages,
            "administer": self._administer,
            "trunks": self._trunk_states,
            "alarms": self._alarms.listing,
            "alarm-acknowledge": self._alarms.acknowledge,
            "alarm-trial": self._alarm_sender.trial,
            "refusals": self._refusals.listing,
            "speech": self._speech.reading_time,
            "trace": self._trace,
            "reload": self._reload,
            "nodes": self._nodes.nodes,
            "node-want": self._nodes.set_wanted_state,
        }

    def _trunks_in_force(self) -> tuple[Trunk, ...]:
        return trunks_in_force(self._in_force.current, self._facts.carrier)

    async def _trunk_states(self) -> list[dict[str, Any]]:
        if not self._facts.front:
            return self._trunks.listing()
        return cluster_status.trunks_of_cluster(self._trunks.listing(), self._facts.node, self._nodes.others())

    async def _doctor_elsewhere(self) -> dict[str, list[dict[str, Any]]]:
        if not self._facts.front:
            return {}
        return await findings_elsewhere(self._exchange, self._facts.node, await self._nodes.nodes())

    def _watch_sip(self, packet: CapturedPacket) -> None:
        message = parse(packet.payload)  # once for all watchers
        self._trunks.watch(packet, message)
        self._transfers.watch(packet, message)
        self._phone_holds.watch(packet, message)
        self._dead_calls.watch(message)
        self._elsewhere.watch(message)

    async def _trace(self, number: str = "", minutes: int = 10) -> list[dict[str, Any]]:
        return traced(self._capture.packets(60.0 * int(minutes)), number)

    def _events_url(self) -> str:
        events = self._in_force.current.events
        return events.url if events else ""

    async def _ping(self) -> dict[str, Any]:
        return {"calls": self._agi.active}

    async def _seats(self) -> list[SeatAccount]:
        registry = self._in_force.current
        return seat_accounts(registry, self._facts, secrets.load_or_make(self._home.secrets, registry.seats))

    def _pins(self) -> Mapping[str, str]:
        return secrets.load_or_make(self._home.secrets, self._in_force.current.seats).seat_pins

    async def _status(self) -> dict[str, Any]:
        midnight = datetime.now(CITY_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
        answered = await self._recorder.answered_by_seat(midnight)
        own_status = await status.status(self._ami, self._in_force.current, answered, self._unattended.seconds())
        return self._with_other_nodes(own_status) | {
            "node": self._facts.node,
            "trunks": await self._trunk_states(),
            "refusals": dict(self._refusals.counts),
        }

    async def _own_status(self) -> dict[str, Any]:
        """Return the seats, queues and calls of this Asterisk alone."""
        return await status.status(self._ami, self._in_force.current)

    async def _seats_and_queues(self) -> dict[str, Any]:
        return await status.seats_and_queues(self._ami, self._in_force.current)

    async def _queues_if_callers_wait(self) -> dict[str, Any]:
        """Return the queues, but none if no caller waits, because the listing of all seats takes far longer."""
        return await self._seats_and_queues() if await status.callers_wait(self._ami) else {"queues": []}

    async def _node_status(self) -> dict[str, Any]:
        own_status, trunks = await self._own_status(), self._trunks.listing()
        return cluster_status.of_node(own_status, self._facts.node_address, trunks, self._pages.seats)

    async def _queues_and_trunks(self) -> dict[str, Any]:
        status_now = self._with_other_nodes({**await self._seats_and_queues(), "calls": []})
        return status_now | {"trunks": self._trunks.listing()}

    def _with_other_nodes(self, own_status: dict[str, Any]) -> dict[str, Any]:
        if not self._facts.front:
            return own_status
        return cluster_status.of_cluster(own_status, self._facts.node, self._nodes.others())

    async def _status_with_phones(self) -> dict[str, Any]:
        """Return the status, and the phones that are registered for each seat."""
        whole_status = await self._status()
        try:
            phones = phone_contacts(await Console(self._home.asterisk_socket).run(COMMAND))
        except ConsoleError as error:
            log.debug("phones are not listed: %s", error)
            phones = {}
        for seat in whole_status["seats"]:
            contacts = phones.get(seat["at"] or seat["seat"], [])
            seat["contacts"] = [{"address": contact.address, "user_agent": contact.user_agent} for contact in contacts]
        return whole_status

    async def _administer(self, act: str, by: str, args: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        await wait_for_tables(self._recorder.migrated)
        try:
            return await asyncio.to_thread(do_admin_act, self._database, act, by, args, _now())
        except AccountRefused as error:
            raise RequestRefused(str(error)) from None

    async def _live(self) -> dict[str, Any]:
        try:
            own_state = await live_status(self._ami, self._in_force.current)
        except AmiError as error:
            raise RequestRefused(str(error)) from None
        if not self._facts.front:
            return own_state
        nodes = [node.to_json() for node in self._nodes.nodes_seen]
        return cluster_status.live_of_cluster(own_state, self._facts.node, self._nodes.others(), nodes)

    async def _reload(self, name: str, file: str, by: str = "") -> dict[str, int]:
        """Put a registry in force; refuse that while the hotline is being stopped, because it would cancel the stop."""
        try:
            stopping = await status.is_stopping(self._ami)
        except AmiError:
            stopping = False  # then the reload reports the fault of Asterisk
        if stopping:
            raise RequestRefused(
                _("the hotline is being stopped and takes no new calls: reload once it has been started again")
            )
        reloader = self._cluster_reload if self._facts.front else self._reloader
        return await reloader.apply(name, file, by)

    async def _snapshot(self) -> Snapshot:
        try:
            status_now = await self._status()
        except AmiError:
            status_now = None
        outcomes = await self._recorder.outcomes(self._started)
        alarms = Counter(alarm.kind.value for alarm in self._alarms.open)
        return Snapshot(self._agi.active, self._recorder.lag, status_now, outcomes, alarms)

    def _has_prompt(self, prompt: str) -> bool:
        return (self._home.prompts / "zh" / f"{prompt}.wav").is_file()


def _refusing(actions: Mapping[str, control_server.Action]) -> dict[str, control_server.Action]:
    """Return the actions, each of which refuses while the database cannot be used: that is no fault of the engine."""

    def refusing(action: control_server.Action) -> control_server.Action:
        @wraps(action)
        async def act(**arguments: object) -> Any:  # noqa: ANN401 - JSON
            try:
                return await action(**arguments)
            except DatabaseUnusable as error:
                raise RequestRefused(str(error)) from None

        return act

    return {name: refusing(action) for name, action in actions.items()}


def _now() -> datetime:
    return datetime.now(CITY_TIME)
