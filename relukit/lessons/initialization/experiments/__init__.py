"""Experiments of lesson 05, one module a subject."""
