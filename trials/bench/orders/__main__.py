"""Lists, searches, reports and acts over 100,000 work orders with 2 million acts; exit code 1 if an aim was missed."""

import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.directory_reader import load_directory
from ivr.orders.order_requests import OrderRequests
from ivr.records.store.database import Database
from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.routing.calendar import CITY_TIME
from ivr.shipped import NUMBERS, ORDERS, RECORDINGS
from testkit.provision.databases import new_database, running_postgres
from trials.bench.first_in_line import first_in_line
from trials.bench.orders.filling import fill

_AIMS = {"sqlite": 500, "postgresql": 300}  # ms, p95
_SUPERVISOR = {"name": "li", "role": "supervisor"}


@click.command()
@click.option("--orders", default=100_000, show_default=True)
@click.option("--acts", default=20, show_default=True, help="Acts of each work order.")
@click.option("--times", default=60, show_default=True, help="How often each question is asked.")
@click.option("--database", type=click.Choice([*_AIMS]), multiple=True, default=[*_AIMS], show_default=True)
def main(orders: int, acts: int, times: int, database: tuple[str, ...]) -> None:
    """Fill databases of both kinds, or of one, and measure."""
    now = datetime.now(CITY_TIME)
    registry = read(NUMBERS, recorded(RECORDINGS))
    directory = load_directory(ORDERS.read_text(encoding="utf-8"), "orders.yaml", registry)
    missed = False
    click.echo("| database | question | median ms | p95 ms | aim |\n|---|---|---|---|---|")
    for kind in database:
        aim = _AIMS[kind]
        with _database(kind) as filled:
            began = time.monotonic()
            numbers = fill(filled, directory, orders, acts, now)
            click.echo(
                f"{kind}: {orders} work orders, {orders * acts} acts in {time.monotonic() - began:.0f} s", err=True
            )
            with first_in_line(filled) as machine:
                click.echo(f"{kind}: {machine}", err=True)
                for name, ask in _questions(filled, directory, numbers, now).items():
                    times_ms = sorted(_milliseconds(ask) for _time in range(times))
                    median, p95 = times_ms[len(times_ms) // 2], times_ms[int(len(times_ms) * 0.95)]
                    missed |= p95 > aim
                    click.echo(f"| {kind} | {name} | {median:.0f} | {p95:.0f} | {aim} |")
    sys.exit(int(missed))


def _questions(
    database: Database, directory: OrderDirectory, numbers: list[str], now: datetime
) -> dict[str, Callable[[], object]]:
    requests = OrderRequests(database, lambda: directory, lambda: now)
    chance = random.Random(1)
    next_week = (now + timedelta(days=7)).date().isoformat()
    units, words = list(directory.units), ("路灯", "噪音", "没有人说过的话", "医保 报销", "养老", "申请")

    def since(days: int) -> str:
        return (now - timedelta(days=days)).isoformat()

    def any_order() -> str:
        return chance.choice(numbers)

    return {
        "the newest 200": lambda: requests.listing(_SUPERVISOR, {}),
        "a unit's open work orders":
            lambda: requests.listing(_SUPERVISOR, {"state": "open", "unit": chance.choice(units)}),
        "due within a week": lambda: requests.listing(_SUPERVISOR, {"due_by": next_week}),
        "words": lambda: requests.listing(_SUPERVISOR, {"words": chance.choice(words)}),
        "a caller's work orders":
            lambda: requests.listing(_SUPERVISOR, {"caller": f"138{chance.randrange(40_000):08}"}),
        "a work order with its acts": lambda: requests.show(_SUPERVISOR, any_order()),
        "report of a month": lambda: requests.report(_SUPERVISOR, since(60), since(30), "unit"),
        "an act": lambda: requests.act(_SUPERVISOR, any_order(), "note", {"text": "备注"}),
    }  # fmt: skip


def _milliseconds(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


@contextmanager
def _database(kind: str) -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield from _migrated(f"sqlite:///{Path(folder)}/calls.sqlite3")
        else:
            with running_postgres() as socket, new_database(socket) as url:
                yield from _migrated(url)


def _migrated(url: str) -> Iterator[Database]:
    database = Database(url)
    database.migrate()
    yield database
    database.close()


if __name__ == "__main__":
    main()
