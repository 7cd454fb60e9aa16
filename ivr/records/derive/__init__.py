"""Call records from the events of calls. Pure."""
