"""What talks to OpenGL: contexts, programs, framebuffers, lines."""
