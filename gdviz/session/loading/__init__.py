"""Gives a session other data: generated or standardised in one thread, read from files in another."""
