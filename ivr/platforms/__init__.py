"""The platforms above and beside the hotline: messages to them in their own words, and their acts on work orders."""
