"""How well and how fast the search of articles answers."""
