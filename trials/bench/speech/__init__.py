"""The bench of speech: ``make bench-speech`` prints the figures and writes docs/speech-bench.md.

Callers of many voices, none of them the prompts', call a real Asterisk and speak at every moment of a call. Speech goes
the way of every call: Asterisk, the speech server, a recogniser's process, the hotline's own script and decisions.
"""
