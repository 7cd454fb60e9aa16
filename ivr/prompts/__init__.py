"""The prompts of the hotline: their manifest, their rendering and their check.

``recordings/prompts.yaml`` is the manifest; the audio stands beside it.
"""
