"""``make demo``: a hotline, phones and a carrier on this machine; one call of each kind, reported as it happens."""
