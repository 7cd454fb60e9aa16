"""The registry that all nodes share: it is proposed to all nodes, and comes in force on all of them or on none.

A reload writes a proposal. Each living node votes whether it can put the proposal in force. If all nodes can, one
statement makes it the registry in force. Each node then loads it. A node that was away loads it before it takes calls.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, delete, select, update
from sqlalchemy import insert as insert_row

from ivr.cluster.cluster_schema import CLUSTER_FILES, CLUSTER_REGISTRIES, CLUSTER_VOTES
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database

_COLUMNS = CLUSTER_REGISTRIES.c
_EXPIRES = timedelta(minutes=2)  # a proposal whose node died does not block the next for longer
_KEPT = 20  # registries


class ProposalState(StrEnum):
    """The state of a proposal."""

    PROPOSED = "proposed"
    IN_FORCE = "in-force"  # earlier registries keep this state; the newest counts
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SharedRegistry:
    """A registry in the database, without the content of its recordings."""

    number: int
    digest: str
    text: str
    orders: str | None
    files: Mapping[str, str]  # the site's own recordings: name → digest
    name: str
    by: str


@dataclass(frozen=True, slots=True)
class RegistryOffer:
    """A registry that is to be proposed to all nodes."""

    text: str
    orders: str | None
    recordings: Path | None  # the folder of the site's own recordings; it may be missing
    name: str  # of the file, for messages
    by: str
    at: datetime


class ProposalPending(Exception):
    """Another reload is under way."""


def digest_of(text: str, orders: str | None, files: Mapping[str, str]) -> str:
    """Return the digest of a registry's content; equal registries have equal digests."""
    parts = [text, "\0" if orders is None else orders, *(f"{name}\0{files[name]}" for name in sorted(files))]
    return hashlib.sha256("\0\0".join(parts).encode()).hexdigest()


def files_of(recordings: Path | None) -> dict[str, str]:
    """Return the digest of each of a site's own recordings, by its name below the folder."""
    if recordings is None or not recordings.is_dir():
        return {}
    found = (path for path in sorted(recordings.rglob("*")) if path.is_file())
    return {path.relative_to(recordings).as_posix(): _digest(path.read_bytes()) for path in found}


def propose(database: Database, offer: RegistryOffer) -> int:
    """Propose a registry to all nodes; return its number.

    Raises:
        ProposalPending: another proposal is not decided yet.
        DatabaseUnusable: The database cannot be used; so do all functions of this module.
    """
    with database.begin() as connection:
        _lock(connection)
        connection.execute(
            update(CLUSTER_REGISTRIES)
            .where(_COLUMNS.state == ProposalState.PROPOSED.value, _COLUMNS.at < offer.at - _EXPIRES)
            .values(state=ProposalState.REFUSED.value)
        )
        if connection.scalar(select(_COLUMNS.id).where(_COLUMNS.state == ProposalState.PROPOSED.value)) is not None:
            raise ProposalPending
        return _write(connection, offer, ProposalState.PROPOSED)


def put_first_in_force(database: Database, offer: RegistryOffer) -> bool:
    """Put the registry of the first node in force, if the cluster has none yet; return whether that was done."""
    with database.begin() as connection:
        if _has_one(connection):
            return False
        _lock(connection)
        if _has_one(connection):
            return False
        _write(connection, offer, ProposalState.IN_FORCE)
        return True


def _lock(connection: Connection) -> None:
    connection.exec_driver_sql("LOCK TABLE cluster_registries IN EXCLUSIVE MODE")


def _has_one(connection: Connection) -> bool:
    found = select(_COLUMNS.id).where(_COLUMNS.state == ProposalState.IN_FORCE.value).limit(1)
    return connection.scalar(found) is not None


def _write(connection: Connection, offer: RegistryOffer, state: ProposalState) -> int:
    files = files_of(offer.recordings)
    if offer.recordings is not None and files:
        known = set(connection.scalars(select(CLUSTER_FILES.c.digest)))
        for file, digest in files.items():
            if digest not in known:
                content = (offer.recordings / file).read_bytes()
                connection.execute(insert_row(CLUSTER_FILES).values(digest=digest, content=content))
                known.add(digest)
    row = {"digest": digest_of(offer.text, offer.orders, files), "text": offer.text, "orders": offer.orders,
           "files": files, "name": offer.name, "by": offer.by, "at": offer.at, "state": state.value}  # fmt: skip
    number = connection.execute(insert_row(CLUSTER_REGISTRIES).values(**row)).inserted_primary_key
    assert number is not None
    return int(number[0])


def vote(database: Database, number: int, node: str, refusal: str) -> None:
    """Write a node's vote on a proposal: the reason of a refusal, or "" if the node can put it in force."""
    with database.begin() as connection:
        row = {"registry": number, "node": node, "refusal": refusal}
        insert(connection, CLUSTER_VOTES, [row], skip_existing=True)


def votes(database: Database, number: int) -> dict[str, str]:
    """Return the votes on a proposal so far, by node."""
    with database.begin() as connection:
        found = select(CLUSTER_VOTES.c.node, CLUSTER_VOTES.c.refusal).where(CLUSTER_VOTES.c.registry == number)
        return {node: refusal for node, refusal in connection.execute(found)}


def decide(database: Database, number: int, state: ProposalState) -> bool:
    """Put a proposal in force on all nodes, or refuse it; return False if it was decided earlier."""
    with database.begin() as connection:
        is_open = (_COLUMNS.id == number) & (_COLUMNS.state == ProposalState.PROPOSED.value)
        decided = connection.execute(update(CLUSTER_REGISTRIES).where(is_open).values(state=state.value)).rowcount == 1
        if decided:
            _delete_old(connection)
        return decided


def _delete_old(connection: Connection) -> None:
    in_force = select(_COLUMNS.id).where(_COLUMNS.state == ProposalState.IN_FORCE.value).order_by(_COLUMNS.id.desc())
    oldest = connection.scalars(in_force.limit(_KEPT)).all()[-1:]
    if not oldest:
        return
    connection.execute(delete(CLUSTER_VOTES).where(CLUSTER_VOTES.c.registry < oldest[0]))
    connection.execute(delete(CLUSTER_REGISTRIES).where(_COLUMNS.id < oldest[0]))
    used = {digest for files in connection.scalars(select(_COLUMNS.files)) for digest in files.values()}
    connection.execute(delete(CLUSTER_FILES).where(CLUSTER_FILES.c.digest.not_in(used)))


def in_force(database: Database, known: str = "") -> SharedRegistry | None:
    """Return the registry in force; None if there is none yet, or if its digest is ``known``."""
    with database.begin() as connection:
        newest = select(_COLUMNS.id, _COLUMNS.digest).where(_COLUMNS.state == ProposalState.IN_FORCE.value)
        found = connection.execute(newest.order_by(_COLUMNS.id.desc()).limit(1)).first()
        return None if found is None or found.digest == known else _read(connection, found.id)


def pending(database: Database, node: str) -> SharedRegistry | None:
    """Return the open proposal on which a node has not voted; None if there is none."""
    with database.begin() as connection:
        voted = select(CLUSTER_VOTES.c.registry).where(CLUSTER_VOTES.c.node == node)
        number = connection.scalar(
            select(_COLUMNS.id).where(_COLUMNS.state == ProposalState.PROPOSED.value, _COLUMNS.id.not_in(voted))
        )
        return None if number is None else _read(connection, number)


def write_files(database: Database, files: Mapping[str, str], folder: Path) -> None:
    """Write the recordings of a registry into an empty folder.

    Raises:
        OSError: they cannot be written.
    """
    with database.begin() as connection:
        for name, digest in files.items():
            target = folder / name
            if not target.resolve().is_relative_to(folder.resolve()):
                raise OSError(f"{name} does not lie in the folder of recordings")
            content = connection.scalar(select(CLUSTER_FILES.c.content).where(CLUSTER_FILES.c.digest == digest))
            if content is None:
                raise OSError(f"the recording {name} is missing in the database")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def _read(connection: Connection, number: int) -> SharedRegistry:
    row = connection.execute(select(CLUSTER_REGISTRIES).where(_COLUMNS.id == number)).one()
    return SharedRegistry(row.id, row.digest, row.text, row.orders, row.files, row.name, row.by)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
