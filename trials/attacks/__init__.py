"""Attacks on a running hotline while citizens call: ``make attacks``."""
