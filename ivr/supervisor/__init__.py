"""``ivr up``: starts Asterisk and the engine, restarts what dies, and ends both in good order."""
