"""The sets of utterances, their voices and their recordings."""
