"""The start page: what its notebook draws and measures."""
