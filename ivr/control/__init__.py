"""How the ``ivr`` commands speak to a running hotline: one JSON line each way on a unix socket."""
