"""Checks of the hotline: whether it runs, whether it owns its ports, whether carrier and seats answer."""

import ipaddress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ivr.control import control_client
from ivr.doctor.finding import Finding, Level, ok, problem, warning
from ivr.registry.problems import RegistryError
from ivr.registry.trunk_model import Host, SipTransport
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import hotline_facts, ports, sip_options
from ivr.runtime.errors import PortInUse
from ivr.runtime.layout import Home
from ivr.runtime.site_folder import registry_of
from ivr.site import candidate, in_force, orders_in_force, prompts_in_force, registry_history
from ivr.site.trunk_settings import trunks_in_force
from ivr.texts import _

_SIP = 5060


def registry(home: Home) -> Finding:
    """Check whether the file that the admin edits has no problem, and is in force."""
    file = Path(hotline_facts.read(home.hotline).numbers) if home.hotline.exists() else registry_of(home)
    try:
        edited = candidate.read(file)
    except RegistryError as error:
        text = _("problems in {file}: {count}; the first: {problem}")
        text = text.format(count=len(error.problems), file=file, problem=error.problems[0])
        return problem(text, _("run 'ivr check'; the hotline goes on with the last good one"))
    if home.hotline.exists():
        advice = _("see 'ivr diff', then run 'ivr reload'")
        if edited.text != registry_history.current(home):
            return warning(_("{file} is not in force").format(file=file), advice)
        if edited.orders != orders_in_force.orders_of(registry_history.in_force(home).orders, edited.orders.file):
            return warning(_("{file} is not in force").format(file=edited.orders.file), advice)
        if differing_prompts := prompts_in_force.differing(home, edited.catalogue):
            return warning(
                _("recordings that are not in force: {prompts}").format(prompts=" ".join(differing_prompts)), advice
            )
    if edited.warnings:
        return warning(str(edited.warnings[0]), _("run 'ivr check'"))
    return ok(_("{file} has no problem").format(file=file))


def running(home: Home) -> Finding:
    """Check whether a hotline runs here, and Asterisk answers it."""
    try:
        now = _status(home)
    except control_client.NotRunning as error:
        advice = _("see {log}, or 'journalctl -u hotline', for why it ended")
        return problem(str(error), advice.format(log=home.log / "engine.log"))
    except control_client.RequestRefused as refusal:
        return problem(
            "; ".join(refusal.args), _("see log/engine.log and log/messages in {home}").format(home=home.root)
        )
    if now["stopping"]:
        text = _("it is being stopped: new callers are turned away; calls in progress: {count}")
        advice = _("it ends when the last call ends; then start it again with 'ivr up' or 'systemctl start hotline'")
        return problem(text.format(count=len(now["calls"])), advice)
    if hotline_facts.read(home.hotline).front:
        return _as_node(home, now["node"], len(now["calls"]))
    return ok(_("running; calls in progress: {count}").format(count=len(now["calls"])))


def _as_node(home: Home, own_node: str, calls: int) -> Finding:
    """Check whether this node of a cluster takes calls, and whether the other nodes are online."""
    try:
        nodes = control_client.ask(home, "nodes")
    except control_client.RequestRefused as refusal:
        text = _("node {node} runs; calls in progress: {count}; the other nodes cannot be seen: {reason}")
        advice = _("restore the database, because the nodes learn each other's state from it")
        return problem(text.format(node=own_node, count=calls, reason="; ".join(refusal.args)), advice)
    if reason := next((node["why"] for node in nodes if node["node"] == own_node), ""):
        return problem(
            _("node {node} takes no calls: {why}").format(node=own_node, why=reason), _("see 'ivr node status'")
        )
    if away := [node["node"] for node in nodes if node["state"] == "away"]:
        text = _("node {node} runs; calls in progress: {count}; away: {away}")
        advice = _("start the nodes that are away, or take them out of cluster.yaml")
        return warning(text.format(node=own_node, count=calls, away=", ".join(away)), advice)
    return ok(_("node {node} runs; calls in progress: {count}; nodes: {nodes}").format(
        node=own_node, count=calls, nodes=len(nodes)))  # fmt: skip


def port(home: Home) -> Finding:
    """Check whether phones and carrier reach the hotline, and no other program, at its SIP port."""
    if not home.hotline.exists():
        return ok(_("chosen at the first start"))
    facts = hotline_facts.read(home.hotline)
    if _is_running(home):
        if sip_options.answers(facts.sip_host, facts.sip_port, facts.sip_host):
            return ok(_("answers SIP at {server}").format(server=facts.server))
        return problem(_("does not answer SIP at {server}").format(server=facts.server), _("restart the hotline"))
    try:
        ports.check_udp_free(facts.sip_host, facts.sip_port)
    except PortInUse as error:
        return problem(str(error), _("'ss -lunp' shows the program that uses it"))
    return ok(_("{server} is free").format(server=facts.server))


def carrier(home: Home) -> Finding:
    """Check whether the carrier's trunk answers OPTIONS. Only a trunk in this network is asked."""
    if not home.hotline.exists():
        return ok(_("checked once the hotline has run here"))
    facts = hotline_facts.read(home.hotline)
    for trunk in _answer_of_hotline(home, "trunks"):
        if not trunk["up"]:
            reason = (
                _("the carrier does not register the hotline")
                if trunk["registered"] is False
                else _("no host answers OPTIONS")
            )
            text = _("trunk {name} is down: {why}").format(name=trunk["trunk"], why=reason)
            return problem(
                text,
                _("check trunks in numbers.yaml (or --carrier), the network and the firewall; then call the carrier"),
            )
    trunks = trunks_in_force(in_force.registry(home, facts.numbers), facts.carrier)
    findings = [_host(host, trunk.transport, facts.sip_host) for trunk in trunks for host in trunk.hosts]
    return next((finding for finding in findings if finding.level is not Level.OK), findings[0])


def refusals(home: Home) -> Finding:
    """Check whether calls or registrations were refused in the last day."""
    since = (datetime.now(CITY_TIME) - timedelta(days=1)).isoformat()
    refused = _answer_of_hotline(home, "refusals", since=since)
    count = sum(refusal["count"] for refusal in refused)
    if not count:
        return ok(_("no call was refused since yesterday"))
    text = _("calls or registrations refused since yesterday: {count}").format(count=count)
    return warning(text, _("'ivr refusals' lists them with reason and advice"))


def _answer_of_hotline(home: Home, action: str, **arguments: object) -> list[dict[str, Any]]:
    """Return the answer of the running hotline; [] if no hotline runs."""
    try:
        answer: list[dict[str, Any]] = control_client.ask(home, action, **arguments)
    except (control_client.NotRunning, control_client.RequestRefused):
        return []
    return answer


def _host(host: Host, transport: SipTransport, source: str) -> Finding:
    host_text = str(host)
    try:
        is_private = ipaddress.IPv4Address(host.name).is_private
    except ValueError:
        is_private = False
    if not is_private or transport is not SipTransport.UDP:
        return ok(_("{where} is in another network, and gets no OPTIONS request").format(where=host_text))
    try:
        response = sip_options.answers(host.name, host.port or _SIP, source)
    except OSError as error:
        text = _("{where} cannot be reached: {reason}").format(where=host_text, reason=error.strerror or error)
        return problem(text, _("check the network, --sip and --carrier"))
    if response is None:
        text = _("{where} does not answer SIP OPTIONS within 2 s").format(where=host_text)
        return problem(
            text, _("check trunks in numbers.yaml (or --carrier), the network and the firewall; then call the carrier")
        )
    return ok(_("{where} answers: {said}").format(where=host_text, said=response))


def seats(home: Home) -> Finding:
    """Check whether agents' phones are registered, and seats are signed in."""
    try:
        now = _status(home)
    except (control_client.NotRunning, control_client.RequestRefused):
        return warning(_("unknown while the hotline does not answer"), _("solve the problem of 'hotline' first"))
    all_seats = now["seats"]
    online = sum(seat["phone"] == "online" for seat in all_seats)
    signed_in = sum(seat["signed_in"] for seat in all_seats)
    text = _("phones registered: {online} of {count}; seats signed in: {signed_in}")
    text = text.format(online=online, count=len(all_seats), signed_in=signed_in)
    if empty := [queue["title"] for queue in now["queues"] if not queue["signed_in"]]:
        text += _("; no seat is signed in to: {groups}").format(groups=", ".join(empty))
        return warning(text, _("agents sign in with *81; 'ivr seats SEAT --secrets' shows the account of a phone"))
    return ok(text)


def _status(home: Home) -> dict[str, Any]:
    answer: dict[str, Any] = control_client.ask(home, "status")
    return answer


def _is_running(home: Home) -> bool:
    try:
        control_client.ask(home, "ping")
    except (control_client.NotRunning, control_client.RequestRefused):
        return False
    return True
