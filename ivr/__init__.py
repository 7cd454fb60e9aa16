"""The 12345 hotline: an IVR and call-routing engine on Asterisk, driven by ``numbers.yaml``."""
