"""Programs that tests and trials need and the hotline does not."""
