"""What hears: recognisers on real sound, the server as Asterisk speaks to it, and all of it through a real call."""
