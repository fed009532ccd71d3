"""Encoders, one for each animation format, and the thread in which they run."""
