"""Work orders in the call database: the events, and what follows from them now."""
