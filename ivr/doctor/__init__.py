"""``ivr doctor``: checks of a hotline and its machine, each with advice about a fault."""
