"""The sound of Chinese text: syllables, the distance of two syllables, and a phrase found by its sound. Pure."""
