"""Call records (话务数据归集): ingest Asterisk's log files, derive records, store them, purge them."""
