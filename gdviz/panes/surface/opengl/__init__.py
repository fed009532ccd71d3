"""The OpenGL layer: contexts, programs, framebuffers, lines."""
