"""The geometry of the picture: camera, projection, meshes and segments; no OpenGL."""
