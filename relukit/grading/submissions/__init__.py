"""What was handed in: folders and zips of notebooks, reduced to the text of the answers."""
