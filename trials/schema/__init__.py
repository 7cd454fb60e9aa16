"""Requests made from the desk's OpenAPI, valid and not, against a running desk."""
