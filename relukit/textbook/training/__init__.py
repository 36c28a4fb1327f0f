"""Experiments of lesson 06: what trained populations show."""
