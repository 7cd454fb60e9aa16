"""What a call costs a cluster, and from that, what a province needs."""
