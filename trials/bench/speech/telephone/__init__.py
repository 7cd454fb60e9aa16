"""How it is said: noise, levels, codecs, and the phones that send it."""
