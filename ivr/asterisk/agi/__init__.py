"""The Asterisk Gateway Interface: the commands that a call script sends, and their replies."""
