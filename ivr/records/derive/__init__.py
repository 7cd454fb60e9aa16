"""What follows from the events of one call. Pure."""
