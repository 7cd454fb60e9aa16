"""What sixty signed-in desks cost, and how late a page shows what happens."""
