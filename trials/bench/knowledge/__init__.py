"""The quality and the speed of the search of articles."""
