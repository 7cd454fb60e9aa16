"""``make interop``: carriers and phones of other projects, tried one by one on a running hotline."""
