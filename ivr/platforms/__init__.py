"""The platforms above and beside the hotline: messages in each platform's format, and its acts on work orders."""
