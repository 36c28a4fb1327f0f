"""How answers are used that are not simply called; no reference answer is in here."""
