"""What is drawn alike on every map of the two parameters: square with axes, paths, arrows, a start to be dragged."""
