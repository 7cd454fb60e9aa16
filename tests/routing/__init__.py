"""What a call gets, for every mode, number and spelling."""
