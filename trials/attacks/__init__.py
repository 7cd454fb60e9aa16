"""Attacks on a hotline that runs, while citizens call: ``make attacks``."""
