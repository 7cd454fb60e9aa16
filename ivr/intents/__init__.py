"""What a citizen means: recognised text to a line, a menu key, an emergency, a yes or a no. Pure; by sound."""
