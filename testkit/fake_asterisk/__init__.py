"""A fake Asterisk that speaks AGI over TCP to the real scripts."""
