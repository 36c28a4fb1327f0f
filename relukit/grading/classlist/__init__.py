"""A class list that a learning platform has exported, filled in so that it can be imported."""
