"""The prompts of the hotline: their manifest, their rendering and their check.

``recordings/prompts.yaml`` is the manifest; the sound files are in the same folder.
"""
