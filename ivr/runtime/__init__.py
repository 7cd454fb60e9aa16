"""What the hotline stands on: Asterisk, PostgreSQL for the tests, the service user, ports, passwords and folders."""
