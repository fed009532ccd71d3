"""Where things are: the camera, the picture seen through it, meshes and segments; no OpenGL."""
