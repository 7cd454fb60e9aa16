"""What the hotline says: the manifest of prompts, their rendering and their check.

``recordings/prompts.yaml`` is the manifest; the audio stands beside it.
"""
