"""SIP messages as they passed: what a trunk does, what was refused, and the trace of a call. Pure."""
