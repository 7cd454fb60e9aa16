"""The coefficients and thresholds of `ivr.intents`, chosen on the tuning set alone."""
