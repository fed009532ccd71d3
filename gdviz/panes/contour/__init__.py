"""The loss seen from above, as a contour map."""
