"""Call events: facts about a call that only its script knows, and how they travel through Asterisk's CEL file."""
