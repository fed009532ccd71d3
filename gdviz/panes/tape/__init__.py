"""The tape: every operation of a step, and the gradient at each."""
