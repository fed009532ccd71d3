"""The loss surface in 3D: one view, its camera, and the items that are drawn in it.

Nothing is imported here: `gdviz.panes.surface.opengl.setup` must be able to run before OpenGL is imported.
"""
