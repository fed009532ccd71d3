"""The program's state, its edits, and the session that applies them and runs the computations."""
