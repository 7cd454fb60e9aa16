"""The telephone of the bench: noise, levels, codecs, and the phones that send the sound."""
