"""``ivr up``: starts Asterisk, the engine and the desk's process, restarts a process that dies, and ends all in
order."""
