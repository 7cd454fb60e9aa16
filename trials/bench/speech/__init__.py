"""How well callers are heard, by real calls: ``make bench-speech`` prints it and keeps it as docs/speech-bench.md.

Callers of several voices, none of them the prompts', call a real Asterisk over A-law and talk into the menu's prompt.
What they say goes the way of every call: Asterisk, the speech server, a recogniser's process, the matching.
"""
