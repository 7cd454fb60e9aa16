"""SIP messages as they passed: the state of trunks, refused requests, and the trace of a call. Pure."""
