"""All code that knows Asterisk's syntax: its configuration, AGI, AMI and its log files."""
