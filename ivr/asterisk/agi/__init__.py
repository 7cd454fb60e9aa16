"""The Asterisk Gateway Interface: what a call script sends and reads."""
