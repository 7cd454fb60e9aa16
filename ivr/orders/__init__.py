"""Work orders (工单) from the first call to the last: what may happen to them, when, and by whom."""
