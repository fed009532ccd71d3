"""The state of the program, the edits of it, and the session that applies them and runs the computations."""
