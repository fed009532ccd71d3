"""How things are looked at and called: look, palette, numbers in words, names of runs; no Qt."""
