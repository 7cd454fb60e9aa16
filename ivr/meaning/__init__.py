"""How close two Chinese sentences are in meaning, by a sentence encoder from a Python package."""
