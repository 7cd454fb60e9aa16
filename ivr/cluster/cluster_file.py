"""cluster.yaml as it lies beside numbers.yaml."""

from pathlib import Path

from ivr.cluster.cluster_model import NAME, Cluster
from ivr.cluster.cluster_reader import load_cluster
from ivr.registry.load import read_text


def beside(numbers: Path) -> Cluster | None:
    """Return the cluster that a registry's folder belongs to; None if there is no cluster.yaml.

    Raises:
        RegistryError: the file has problems.
    """
    file = numbers.with_name(NAME)
    return load_cluster(read_text(file), str(file)) if file.exists() else None
