"""Experiments of lesson 02: values, slopes and whole layers of rectifiers."""
