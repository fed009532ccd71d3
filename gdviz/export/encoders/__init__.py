"""The kinds of files: one encoder each, what they share, and the thread in which they work."""
