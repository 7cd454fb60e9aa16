"""``ivr doctor``: what of a hotline and its machine is well, what is not, and what to do about it."""
