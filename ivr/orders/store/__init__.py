"""Work orders in the call database: the events, and the state that follows from them."""
