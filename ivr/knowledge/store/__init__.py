"""Articles in the call database: events, present state, and the terms by which an article is found."""
