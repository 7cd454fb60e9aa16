"""Lines of the files that Asterisk writes: CEL and queue_log."""
