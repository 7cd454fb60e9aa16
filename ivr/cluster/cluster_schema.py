"""The tables of a cluster, in the call database. Their migration is ``r0030_cluster``."""

from sqlalchemy import JSON, BigInteger, Column, Integer, LargeBinary, Table, Text

from ivr.records.store.schema import METADATA, row_id
from ivr.records.store.utc_datetime import UtcDateTime

CLUSTER_NODES = Table(
    "cluster_nodes",
    METADATA,
    Column("node", Text, primary_key=True),
    Column("wanted", Text, nullable=False),  # a `WantedState`
    Column("wanted_by", Text, nullable=False),
    Column("state", Text, nullable=False),  # a `NodeState`, as the node says
    Column("calls", Integer, nullable=False),
    Column("program", Text, nullable=False),  # version
    Column("registry", Text, nullable=False),  # digest of the registry in force there
    Column("secrets", Text, nullable=False),  # fingerprint of the secrets file, which is the same at all nodes
    Column("why", Text, nullable=False),  # why the node takes no call though it is to
    Column("seen_at", UtcDateTime, nullable=False),  # by the database's clock
)
"""The nodes, as each said last."""

CLUSTER_REGISTRIES = Table(
    "cluster_registries",
    METADATA,
    row_id(),
    Column("digest", Text, nullable=False),  # of all that follows up to the files
    Column("text", Text, nullable=False),
    Column("orders", Text),  # orders.yaml; NULL for the shipped one
    Column("files", JSON, nullable=False),  # the site's own recordings: name → digest
    Column("name", Text, nullable=False),  # of the file, for messages
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False, index=True),  # a `ProposalState`
)
"""The registries that were proposed to all nodes; the newest in force is the one that every node has to have."""

CLUSTER_VOTES = Table(
    "cluster_votes",
    METADATA,
    Column("registry", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
    Column("node", Text, primary_key=True),
    Column("refusal", Text, nullable=False),  # "" if the node can put the registry in force
)

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
"""Recent wrong PINs, at all nodes."""
