"""Speech recognition: recognisers, their processes, and the server that Asterisk streams callers' sound to.

Knows neither the city's rules nor what a text means: `ivr.engine` gives it vocabularies, call scripts get texts back.
"""
