"""Work orders at the desk: for agents, supervisors and units."""
