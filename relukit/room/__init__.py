"""A room full of people: the server of a live class board, and what joins it."""
