"""The engine process: registry, routing, Asterisk and records put together."""
