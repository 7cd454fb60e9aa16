"""The cost of sixty signed-in desks, and the delay of events on a page."""
