"""The call scripts: of a citizen's call, of an agent's feature code, and of an agent's consult."""
