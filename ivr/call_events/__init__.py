"""Call events: facts about a call that only its script knows, and their codec for Asterisk's CEL file."""
