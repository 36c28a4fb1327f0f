"""Experiments of lesson 04: units that are born dead, die, come back, or leave the data."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
