"""Adapters for Whisper's decoder, trained and judged on the tuning set alone; the product uses none.

``python -m trials.bench.speech.adaptation`` has the steps ``capture``, ``train``, ``judge`` and ``merge``. Training
needs the extra `adaptation`. docs/speech.md, "Why Whisper is used so", has the figures.
"""
