"""The closeness in meaning of two Chinese sentences, by a sentence encoder from a Python package."""
