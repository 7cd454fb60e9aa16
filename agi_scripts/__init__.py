"""The call scripts: what a citizen, an agent at a keypad and an agent who consults live through."""
