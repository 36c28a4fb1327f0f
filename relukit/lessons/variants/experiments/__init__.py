"""Experiments of lesson 03: what the relatives of the rectifier are, and which of them help."""
