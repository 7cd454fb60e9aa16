"""What Chinese text sounds like: syllables, the distance between two of them, and a phrase found by its sound. Pure."""
