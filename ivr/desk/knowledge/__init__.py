"""The knowledge base at the desk: for agents, units, reviewers, and, if the city wants it, for everybody."""
