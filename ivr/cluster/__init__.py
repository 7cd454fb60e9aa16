"""Several machines as one hotline: cluster.yaml, the front, the nodes, and the registry that all share."""
