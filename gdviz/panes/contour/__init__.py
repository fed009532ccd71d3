"""The landscape from above."""
