"""The ``ivr`` command: one file per subcommand."""
