"""``make interop``: carriers and phones that nobody here wrote, tried one by one on a real hotline."""
