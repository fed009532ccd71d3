"""The stage: it arranges the panes for any size, and paints them on the screen, into pictures and into files."""
