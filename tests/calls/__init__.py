"""Tests of whole calls on a real Asterisk with real phones."""
