"""From Asterisk's log files into the call database."""
