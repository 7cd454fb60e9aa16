"""What came of an utterance, and what all of them come to."""
