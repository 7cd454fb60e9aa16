"""The Asterisk Manager Interface: actions, listings and events."""
