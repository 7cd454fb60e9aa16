"""The machine below the hotline: Asterisk, the service user, ports, passwords and folders."""
