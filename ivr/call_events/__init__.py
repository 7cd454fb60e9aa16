"""The vocabulary of call events: what a call script tells the call record."""
