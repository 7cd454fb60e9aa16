"""Judging the results of utterances, and counting them."""
