"""Speech recognition: recognisers, their processes, and the server that Asterisk streams callers' sound to.

It knows neither the city's rules nor the meaning of a text: `ivr.engine` gives it vocabularies, and it gives texts
to the call scripts.
"""
