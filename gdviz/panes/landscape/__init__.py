"""What surface and contour share: the sampled loss, the paths on it, and the box that grows with them; no Qt."""
