"""A library for tests and trials: phones, a running hotline, a fake Asterisk, peers."""
