"""Asterisk's configuration files: rendering, reading back, and the console."""
