"""Speech recognition: recognisers on real sound, the server with Asterisk's protocol, and real calls."""
