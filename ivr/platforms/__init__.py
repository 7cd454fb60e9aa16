"""The platforms above and beside the hotline: what is sent to them, in their words, and what they do to work orders."""
