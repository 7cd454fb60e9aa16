"""Understands recognised text: a line, a menu key, an emergency, a yes or a no. Pure."""
