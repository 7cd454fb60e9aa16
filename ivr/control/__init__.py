"""The control socket between the ``ivr`` commands and the engine: one JSON line each way on a unix socket."""
