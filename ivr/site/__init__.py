"""The registry in force, its history, and the Asterisk settings that follow from it."""
