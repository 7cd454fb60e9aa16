"""A running hotline, as tests and trials start and observe it."""
