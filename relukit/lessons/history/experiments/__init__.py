"""Experiments of lesson 01: the circuits, statistics and networks that used the rectifier."""
