"""Registry and recordings changed in drafts at the desk, checked, and put in force now or at a time."""
