"""What all maps of the two parameters share: square with axes, paths, arrows, and a draggable start."""
