"""What is said: the sets of utterances, their voices and their recordings."""
