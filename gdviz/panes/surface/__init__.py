"""The landscape as a surface, drawn with OpenGL."""
