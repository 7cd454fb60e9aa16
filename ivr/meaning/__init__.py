"""How close two Chinese sentences are in meaning, by a sentence encoder that a Python package carries."""
