"""Real Asterisk, real phones, whole calls: what a citizen, an agent and the record really get."""
