"""Call records (话务数据归集): built from Asterisk's CEL and queue_log files, kept in a database."""
