"""Work orders (工单): their life cycle, their deadlines, and the rights of those who act on them."""
