"""The stage: arranges the panes for any size, and paints them on screen, into images and into files."""
