"""Everything with Asterisk's syntax: its configuration, AGI, AMI and the files it writes."""
