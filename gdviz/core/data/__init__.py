"""Data sets: generated, given, or read from tables; in memory, or left in their file."""
