"""The citizens' own page: file a matter, look up its state, grade it. No account, no session, no script."""
