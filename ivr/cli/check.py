"""``ivr check``: list the problems of a registry file."""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from ivr.cli.home import registry_file, site_option
from ivr.cli.kept_warnings import warnings
from ivr.cluster.cluster_file import beside
from ivr.cluster.cluster_model import NAME
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.directory_reader import calendar_warning
from ivr.registry.checks.trunks import missing_passwords
from ivr.registry.model import Mode, Registry
from ivr.registry.problems import Problem, RegistryError
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.secrets import known_trunks
from ivr.runtime.site_folder import SiteFolder
from ivr.site import candidate
from ivr.site.front_seats import seats_that_need_front
from ivr.texts import _


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@site_option
def check(file: Path | None, site: SiteFolder) -> None:
    """List all problems of FILE (the site's numbers.yaml), each as FILE:LINE:COLUMN: message.

    The recordings, the orders.yaml and the cluster.yaml beside FILE are checked with it. The exit code is 0 if there is
    no problem, else 1. A warning is no problem.
    """
    file = file or registry_file(site)
    try:
        checked = candidate.read(file)
    except RegistryError as error:
        for line in _problem_lines(file, error.problems):
            click.echo(line)
        sys.exit(1)
    try:
        cluster = beside(file)
    except RegistryError as error:
        for line in _problem_lines(file.with_name(NAME), error.problems):
            click.echo(line)
        sys.exit(1)
    if not cluster and (without_front := seats_that_need_front(checked.registry)):
        for line in without_front:
            click.echo(line)
        sys.exit(1)
    password_warnings = missing_passwords(checked.registry, known_trunks(site.home.secrets))
    for warning in (*checked.warnings, *password_warnings, *warnings(checked)):
        click.echo(_("{warning} (a warning)").format(warning=warning), err=True)
    click.echo(_summary(file, checked.registry))
    if cluster:
        text = _("{file}: no problem; nodes: {nodes}, front: {front}")
        click.echo(text.format(file=file.with_name(NAME), nodes=len(cluster.nodes), front=cluster.front.address))
    if checked.orders.own:
        click.echo(_orders_summary(checked.orders.file, checked.directory))
        if unknown := calendar_warning(checked.directory, datetime.now(CITY_TIME).year):
            click.echo(_("{warning} (a warning)").format(warning=unknown), err=True)


def _problem_lines(file: Path, problems: tuple[Problem, ...]) -> Iterable[str]:
    yield from map(str, problems)
    yield _("{file}: problems: {count}").format(file=file, count=len(problems))


def _summary(file: Path, registry: Registry) -> str:
    message = _(
        "{file}: no problem; numbers: {numbers} (merged: {merged}, dual: {dual}, sub-center: {centers}), "
        "seats: {seats}, groups: {groups}"
    )
    return message.format(
        file=file,
        numbers=len({line.number for line in registry.lines}),
        merged=_count(registry, Mode.MERGED),
        dual=_count(registry, Mode.DUAL),
        centers=_count(registry, Mode.SUBCENTER),
        seats=len(registry.seats),
        groups=len(registry.groups),
    )


def _orders_summary(file: str, directory: OrderDirectory) -> str:
    message = _("{file}: no problem; units: {units}, kinds: {kinds}, classes: {classes}, dispatch entries: {entries}")
    return message.format(
        file=file,
        units=len(directory.units),
        kinds=len(directory.kinds),
        classes=len(directory.classes),
        entries=len(directory.entries),
    )


def _count(registry: Registry, mode: Mode) -> int:
    return len({line.number for line in registry.lines if line.mode is mode})
