"""How things look and are named: look, palette, number formatting, names of runs; no Qt."""
