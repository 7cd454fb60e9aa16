"""The knowledge base at the desk: for agents, units, reviewers, and, if the city opens it, for the public."""
