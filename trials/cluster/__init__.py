"""Several nodes behind a front, each in a network namespace of its own, and what their failures cost."""
