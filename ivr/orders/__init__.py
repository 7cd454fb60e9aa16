"""Work orders (工单): their life cycle, their deadlines, and the rights of the people who act on them."""
