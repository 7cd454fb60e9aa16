"""Programs that try a running hotline: demo, attacks, failures, benches."""
