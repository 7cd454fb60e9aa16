"""The tables of a cluster, in the call database. Their migrations are r0030, r0034 and r0035."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text

from ivr.records.store.schema import METADATA, row_id
from ivr.records.store.utc_datetime import UtcDateTime

CLUSTER_NODES = Table(
    "cluster_nodes",
    METADATA,
    Column("node", Text, primary_key=True),
    Column("wanted", Text, nullable=False),  # a `WantedState`
    Column("wanted_by", Text, nullable=False),
    Column("state", Text, nullable=False),  # a `NodeState`, as the node reported it
    Column("calls", Integer, nullable=False),
    Column("program", Text, nullable=False),  # version
    Column("registry", Text, nullable=False),  # digest of the registry in force there
    Column("secrets", Text, nullable=False),  # fingerprint of the secrets file, which is the same at all nodes
    Column("why", Text, nullable=False),  # why the node takes no calls although an admin wants it open
    Column("seen_at", UtcDateTime, nullable=False),  # by the database's clock
    Column("status", JSON),  # what `ivr status` shows of the node; NULL if the node runs the previous version
)
"""The last report of each node."""

CLUSTER_REGISTRIES = Table(
    "cluster_registries",
    METADATA,
    row_id(),
    Column("digest", Text, nullable=False),  # of text, orders and files
    Column("text", Text, nullable=False),
    Column("orders", Text),  # orders.yaml; NULL for the shipped one
    Column("files", JSON, nullable=False),  # the site's own recordings: name → digest
    Column("name", Text, nullable=False),  # of the file, for messages
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False, index=True),  # a `ProposalState`
)
"""The registries that were proposed to all nodes. Every node has to have the newest one in force."""

CLUSTER_VOTES = Table(
    "cluster_votes",
    METADATA,
    Column("registry", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
    Column("node", Text, primary_key=True),
    Column("refusal", Text, nullable=False),  # "" if the node can put the registry in force
)
"""The votes of the nodes on each proposed registry."""

CLUSTER_FILES = Table(
    "cluster_files",
    METADATA,
    Column("digest", Text, primary_key=True),  # SHA-256
    Column("content", LargeBinary, nullable=False),
)
"""The site's own recordings, each content once."""

WRONG_PINS = Table(
    "wrong_pins",
    METADATA,
    row_id(),
    Column("key", Text, nullable=False, index=True),  # "seat 8001" or "phone 8002"
    Column("at", UtcDateTime, nullable=False),
)
"""Wrong PINs of the last minutes, at all nodes."""

CLUSTER_HOMES = Table(
    "cluster_homes",
    METADATA,
    Column("group", Text, primary_key=True),
    Column("node", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("until", UtcDateTime, nullable=False),  # by the database's clock; the node renews it
)
"""The home of each group: the node that has its queue."""

CLUSTER_MEMBERS = Table(
    "cluster_members",
    METADATA,
    Column("group", Text, primary_key=True),
    Column("seat", Text, primary_key=True),
    Column("phone", Text, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("busy_at", Text, nullable=False),
)
"""The seats that are signed in; the fields are those of `ivr.cluster.signed_in_seats.SignedInSeat`."""

NODE_REQUESTS = Table(
    "node_requests",
    METADATA,
    row_id(),
    Column("node", Text, nullable=False),  # that is asked
    Column("at", UtcDateTime, nullable=False),  # by the database's clock
    Column("request", JSON, nullable=False),  # as a line of the control socket
    Column("taken", Boolean, nullable=False),  # by the node, which does it once
    Column("answer", JSON(none_as_null=True)),  # NULL until the node has answered
    Index("ix_node_requests_node", "node", "taken"),
)
"""The requests of one node to another."""
