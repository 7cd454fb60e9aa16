"""The cost of a call: ``make bench`` prints it and keeps it as docs/bench.md.

SIPp plays the carrier: citizens who dial 12313, and the center that they are brought to. The same calls go to a bare
dialplan on the same Asterisk build, which answers, plays the same prompt, dials the same center and hangs up.
"""
